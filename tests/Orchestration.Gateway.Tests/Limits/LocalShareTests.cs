using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Gateway.Limits;

namespace Orchestration.Gateway.Tests.Limits;

/// <summary>Three gateways through the loss and the return of Redis, played with an exact counter in its place.</summary>
public sealed class LocalShareTests
{
    private const int Amount = 300;
    private const int WindowSeconds = 10;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly List<LocalShare> _gateways;
    private readonly LimitCounter _counter = new("c", "key", "requests", Amount, WindowSeconds * 1000L, "", 1);
    private readonly List<(long At, long Taken)> _admitted = [];
    private readonly List<(long At, long Taken)> _counted = [];
    private bool _away;

    public LocalShareTests()
    {
        _gateways = [.. Enumerable.Range(0, 3).Select(_ => new LocalShare(Options.Create(new LimitOptions()), _time))];
        foreach (var (rank, gateway) in _gateways.Index())
        {
            gateway.Know(3, rank);
            gateway.Answered();
        }
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(new[] { 2, 2, 2 }, new[] { 2, 2, 2 })]
    [InlineData(new[] { 6, 0, 0 }, new[] { 2, 2, 2 })]
    [InlineData(new[] { 2, 2, 2 }, new[] { 6, 0, 0 })]
    [InlineData(new[] { 6, 0, 0 }, new[] { 0, 3, 3 })]
    [InlineData(new[] { 1, 0, 0 }, new[] { 6, 6, 6 })]
    public void All_gateways_together_stay_within_a_tenth_over_the_limit(int[] before, int[] meanwhile)
    {
        Play(25, before);
        Lose();
        Play(40, meanwhile);
        Return();
        Play(25, meanwhile);

        Windows.Most(_admitted, WindowSeconds * 1000L).ShouldBeLessThanOrEqualTo(Amount * 11 / 10);
    }

    [Fact]
    public void Even_demand_goes_on_getting_what_it_got()
    {
        Play(25, [2, 2, 2]);
        Lose();
        var from = Now;
        Play(40, [2, 2, 2]);

        _admitted.Count(item => item.At >= from).ShouldBeGreaterThan(4 * Amount * 90 / 100);
    }

    [Fact]
    public void Redis_that_flaps_neither_breaks_the_bound_nor_starves_anybody()
    {
        Play(25, [2, 2, 2]);
        for (var i = 0; i < 10; i++)
        {
            Lose();
            Play(2, [2, 2, 2]);
            Return();
            Play(2, [2, 2, 2]);
        }

        var last = _admitted.Where(item => item.At > Now - 30_000).ToList();
        Windows.Most(_admitted, WindowSeconds * 1000L).ShouldBeLessThanOrEqualTo(Amount * 11 / 10);
        last.Count.ShouldBeGreaterThan(3 * Amount * 60 / 100);
    }

    [Fact]
    public void Shares_that_do_not_divide_evenly_add_up_to_the_limit()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        var counter = _counter with { Amount = 11 };

        var admitted = _gateways.Sum(gateway => Enumerable.Range(0, 20).Count(_ => gateway.Take([counter]).Refusing is null));

        admitted.ShouldBe(11);
    }

    [Fact]
    public void Limit_of_which_nothing_was_heard_lately_is_given_out_by_a_tenth_at_first()
    {
        Lose();

        var admitted = _gateways.Sum(gateway => Enumerable.Range(0, 200).Count(_ => gateway.Take([_counter]).Refusing is null));

        admitted.ShouldBe(Amount / 10);
    }

    [Fact]
    public void Gateway_that_never_heard_redis_gives_out_its_share_of_the_whole()
    {
        var stranger = new LocalShare(Options.Create(new LimitOptions { Gateways = 3 }), _time);

        Enumerable.Range(0, 200).Count(_ => stranger.Take([_counter]).Refusing is null).ShouldBe(Amount / 3);
    }

    [Fact]
    public void Places_are_free_when_their_requests_end()
    {
        var gateway = new LocalShare(Options.Create(new LimitOptions()), _time);
        var places = _counter with { Kind = "concurrency", WindowMilliseconds = 0, Amount = 1 };
        var first = gateway.Take([places]);
        gateway.Take([places]).Refusing.ShouldBe(places);

        gateway.End(first.Hold!, null);

        gateway.Take([places]).Refusing.ShouldBeNull();
    }

    [Fact]
    public void Tokens_are_corrected_where_they_were_counted_and_so_told()
    {
        var gateway = new LocalShare(Options.Create(new LimitOptions()), _time);
        var tokens = _counter with { Kind = "tokens", Taken = 200 };
        var first = gateway.Take([tokens]);
        gateway.Take([tokens]).Refusing.ShouldBe(tokens);

        gateway.End(first.Hold!, 20);

        gateway.Take([tokens]).Left.ShouldBe([80L]);
        gateway.TakeOut(tokens).ShouldBe(220);
    }

    private void Lose()
    {
        _away = true;
        _gateways.ForEach(gateway => gateway.Lost());
    }

    /// <summary>Redis is back: every gateway tells what it let in, and asks it again.</summary>
    private void Return()
    {
        _away = false;
        foreach (var gateway in _gateways)
        {
            gateway.Answered();
            _counted.Add((Now, gateway.TakeOut(_counter)));
            gateway.Rejoined();
        }
    }

    /// <summary>So many requests at each gateway every tenth of a second, each of them first in its turn.</summary>
    private void Play(int seconds, int[] requests)
    {
        for (var step = 0; step < seconds * 10; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            // What the keeper does, whether anybody asks or not.
            if (!_away)
                _gateways.ForEach(gateway => gateway.Answered());
            for (var turn = step; turn < step + 3; turn++)
            {
                var gateway = _gateways[turn % 3];
                for (var request = 0; request < requests[turn % 3]; request++)
                {
                    if (_away ? gateway.Take([_counter]).Refusing is null : Ask(gateway))
                        _admitted.Add((Now, 1));
                }
            }
        }
    }

    private bool Ask(LocalShare gateway)
    {
        if (gateway.IsRejoining && gateway.Check([_counter]) is not null)
            return false;
        var oldest = (Now / _counter.PartMilliseconds) - LimitCounter.Parts;
        var total = _counted.Where(item => item.At / _counter.PartMilliseconds >= oldest).Sum(item => item.Taken);
        var taken = total < Amount;
        if (taken)
            _counted.Add((Now, 1));
        gateway.Count([_counter], [total + (taken ? 1 : 0)], taken);
        return taken;
    }
}
