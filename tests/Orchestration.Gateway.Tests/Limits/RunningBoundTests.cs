using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Gateway.Limits;

namespace Orchestration.Gateway.Tests.Limits;

public sealed class RunningBoundTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RunningBound _bound;

    public RunningBoundTests() =>
        _bound = new RunningBound(Options.Create(new LimitOptions { MaxRunningRequests = 2, MaxWaitingRequests = 4 }), _time);

    [Fact]
    public async Task Request_over_the_bound_runs_when_another_ends()
    {
        await FillAsync();
        var waiting = EnterAsync("a");
        waiting.IsCompleted.ShouldBeFalse();

        _bound.Leave();

        (await waiting).ShouldBeTrue();
        EnterAsync("a").IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Request_that_waited_a_tenth_of_a_second_is_refused_and_leaves_nothing_behind()
    {
        await FillAsync();
        var waiting = EnterAsync("a");

        _time.Advance(TimeSpan.FromMilliseconds(101));

        (await waiting).ShouldBeFalse();
        _bound.Leave();
        (await EnterAsync("b")).ShouldBeTrue();
    }

    [Fact]
    public async Task Tenants_take_turns()
    {
        await FillAsync();
        var order = new List<Task<bool>> { EnterAsync("loud"), EnterAsync("loud"), EnterAsync("loud"), EnterAsync("quiet") };

        _bound.Leave();
        _bound.Leave();

        (await order[0]).ShouldBeTrue();
        (await order[3]).ShouldBeTrue();
        order[1].IsCompleted.ShouldBeFalse();
        order[2].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task When_too_many_wait_the_tenant_with_most_of_them_gives_way()
    {
        await FillAsync();
        var loud = Enumerable.Range(0, 4).Select(_ => EnterAsync("loud")).ToList();

        var quiet = EnterAsync("quiet");

        (await loud[3]).ShouldBeFalse();
        quiet.IsCompleted.ShouldBeFalse();
        (await EnterAsync("loud")).ShouldBeFalse();
        _bound.Leave();
        _bound.Leave();
        (await loud[0]).ShouldBeTrue();
        (await quiet).ShouldBeTrue();
    }

    [Fact]
    public async Task Many_at_once_never_run_over_the_bound_and_all_places_come_back()
    {
        var (running, most) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), TestContext.Current.CancellationToken, async (i, _) =>
        {
            if (!await EnterAsync($"t{i % 3}"))
                return;
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            _bound.Leave();
        });

        most.ShouldBeLessThanOrEqualTo(2);
        await FillAsync();
        EnterAsync("a").IsCompleted.ShouldBeFalse();
    }

    private async Task FillAsync()
    {
        (await EnterAsync("first")).ShouldBeTrue();
        (await EnterAsync("first")).ShouldBeTrue();
    }

    private Task<bool> EnterAsync(string tenant) => _bound.EnterAsync(tenant).AsTask();

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
