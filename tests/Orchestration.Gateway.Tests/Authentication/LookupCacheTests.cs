using Microsoft.Extensions.Time.Testing;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Authentication;

public sealed class LookupCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly KeyOptions _options = new() { MaxCached = 16 };
    private Func<string, Task<string?>> _store = id => Task.FromResult<string?>(id + "-1");
    private int _loads;

    [Fact]
    public async Task Known_value_is_not_asked_for_again_within_its_time()
    {
        var cache = Create();
        await GetAsync(cache, "a");
        _time.Advance(TimeSpan.FromSeconds(4));
        await GetAsync(cache, "a");

        _loads.ShouldBe(1);
    }

    [Fact]
    public async Task Change_is_seen_when_the_time_is_over()
    {
        var cache = Create();
        await GetAsync(cache, "a");
        _store = _ => Task.FromResult<string?>(null);
        _time.Advance(TimeSpan.FromSeconds(5));

        (await GetAsync(cache, "a")).ShouldBeOfType<Lookup<string>.Unknown>();
    }

    [Fact]
    public async Task Known_value_outlives_the_store_for_the_configured_time_only()
    {
        var cache = Create();
        await GetAsync(cache, "a");
        _store = _ => throw new TimeoutException();

        _time.Advance(TimeSpan.FromMinutes(14));
        (await GetAsync(cache, "a")).ShouldBe(new Lookup<string>.Found("a-1"));
        _time.Advance(TimeSpan.FromMinutes(2));
        (await GetAsync(cache, "a")).ShouldBeOfType<Lookup<string>.Unavailable>();
    }

    [Fact]
    public async Task Value_never_seen_is_unavailable_and_not_unknown_while_the_store_is_away()
    {
        _store = _ => throw new TimeoutException();

        (await GetAsync(Create(), "a")).ShouldBeOfType<Lookup<string>.Unavailable>();
    }

    [Fact]
    public async Task Dead_store_is_not_asked_for_every_request_of_a_known_value()
    {
        var cache = Create();
        await GetAsync(cache, "a");
        _store = _ => throw new TimeoutException();
        _time.Advance(TimeSpan.FromSeconds(6));
        for (var i = 0; i < 50; i++)
            await GetAsync(cache, "a");

        _loads.ShouldBe(2);
    }

    [Fact]
    public async Task Store_that_is_back_is_asked_again()
    {
        var cache = Create();
        await GetAsync(cache, "a");
        _store = _ => throw new TimeoutException();
        _time.Advance(TimeSpan.FromSeconds(6));
        await GetAsync(cache, "a");
        _store = id => Task.FromResult<string?>(id + "-2");
        _time.Advance(TimeSpan.FromSeconds(2));

        (await GetAsync(cache, "a")).ShouldBe(new Lookup<string>.Found("a-2"));
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_question()
    {
        var answer = new TaskCompletionSource<string?>();
        _store = _ => answer.Task;
        var cache = Create();
        var asking = Enumerable.Range(0, 20).Select(_ => GetAsync(cache, "a").AsTask()).ToList();
        answer.SetResult("x");

        (await Task.WhenAll(asking)).ShouldAllBe(lookup => lookup.Equals(new Lookup<string>.Found("x")));
        _loads.ShouldBe(1);
    }

    [Fact]
    public async Task Flood_of_unknown_values_does_not_push_out_known_ones()
    {
        var cache = Create();
        await GetAsync(cache, "a");
        _store = _ => Task.FromResult<string?>(null);
        for (var i = 0; i < 1_000; i++)
            await GetAsync(cache, $"junk-{i}");
        var before = _loads;

        (await GetAsync(cache, "a")).ShouldBe(new Lookup<string>.Found("a-1"));
        _loads.ShouldBe(before);
    }

    [Fact]
    public async Task Answer_that_was_on_its_way_when_the_value_was_forgotten_is_neither_given_nor_remembered()
    {
        var first = new TaskCompletionSource<string?>();
        var cache = Create();
        _store = _ => first.Task;
        var asking = GetAsync(cache, "a").AsTask();
        await Eventually.HoldsAsync(() => Volatile.Read(ref _loads) == 1, TestContext.Current.CancellationToken);

        cache.Forget("a");
        _store = _ => Task.FromResult<string?>("new");
        first.SetResult("old");

        (await asking).ShouldBe(new Lookup<string>.Found("new"));
        (await GetAsync(cache, "a")).ShouldBe(new Lookup<string>.Found("new"));
        _loads.ShouldBe(2);
    }

    [Fact]
    public async Task Forgotten_value_does_not_come_back_when_the_store_goes_away()
    {
        var renewal = new TaskCompletionSource<string?>();
        var cache = Create();
        await GetAsync(cache, "a");
        _time.Advance(TimeSpan.FromSeconds(6));
        _store = _ => renewal.Task;
        var asking = GetAsync(cache, "a").AsTask();
        await Eventually.HoldsAsync(() => Volatile.Read(ref _loads) == 2, TestContext.Current.CancellationToken);

        cache.Forget("a");
        renewal.SetException(new TimeoutException());

        (await asking).ShouldBeOfType<Lookup<string>.Unavailable>();
    }

    [Fact]
    public async Task Forgetting_by_what_a_value_is_leaves_the_others()
    {
        var cache = Create();
        await GetAsync(cache, "a");
        await GetAsync(cache, "b");
        cache.ForgetWhere(value => value == "a-1");
        await GetAsync(cache, "a");
        await GetAsync(cache, "b");

        _loads.ShouldBe(3);
    }

    [Theory]
    [InlineData("a-1")]
    [InlineData(null)]
    public async Task Changes_of_others_hold_up_no_look_up_however_many_they_are(string? stored)
    {
        LookupCache<string>? cache = null;
        _store = _ =>
        {
            cache!.ForgetWhere(value => value == "b-1");
            cache.DoubtRunning((id, _) => id == "b");
            return Task.FromResult(stored);
        };
        cache = Create();

        var lookup = await GetAsync(cache, "a");

        lookup.ShouldBe(stored is null ? Lookup<string>.Nothing : new Lookup<string>.Found(stored));
        _loads.ShouldBe(1);
    }

    [Fact]
    public async Task Answer_on_its_way_that_turns_out_to_be_what_has_changed_is_asked_for_again()
    {
        LookupCache<string>? cache = null;
        _store = _ =>
        {
            cache!.ForgetWhere(value => value == "old");
            return Task.FromResult<string?>(_loads == 1 ? "old" : "new");
        };
        cache = Create();

        (await GetAsync(cache, "a")).ShouldBe(new Lookup<string>.Found("new"));
        (await GetAsync(cache, "a")).ShouldBe(new Lookup<string>.Found("new"));
        _loads.ShouldBe(2);
    }

    [Fact]
    public async Task Everything_forgotten_asks_again_for_what_there_was_not_too()
    {
        LookupCache<string>? cache = null;
        _store = _ =>
        {
            if (_loads == 1)
                cache!.ForgetAll();
            return Task.FromResult<string?>(_loads == 1 ? null : "new");
        };
        cache = Create();

        (await GetAsync(cache, "a")).ShouldBe(new Lookup<string>.Found("new"));
    }

    private LookupCache<string> Create() => new(
        (id, _) =>
        {
            Interlocked.Increment(ref _loads);
            return _store(id);
        },
        _options,
        _time);

    private static ValueTask<Lookup<string>> GetAsync(LookupCache<string> cache, string id) => cache.GetAsync(id, TestContext.Current.CancellationToken);
}
