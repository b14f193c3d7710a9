using Orchestration.Providers.Health;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class LatencyFaults(LatencyFaultsFixture host) : IClassFixture<LatencyFaultsFixture>
{
    [Fact]
    public async Task U54_deployment_half_of_whose_instances_are_slow_is_left_alone()
    {
        var (calls, isSlow) = (0, false);
        var fault = new FaultCase(host).Asks(async e =>
        {
            if (Volatile.Read(ref isSlow) && Interlocked.Increment(ref calls) % 2 == 0) await Task.Delay(LatencyFaultsFixture.Slow, e.Stopping);
            await OpenAIWire.AnswerAsync(e);
        }).ThenAsksAGoodOne();
        for (var i = 0; i < 40; i++) await BatchAsync(fault);
        host.Health.Look(fault.Deployment()).State.ShouldBe(BreakerState.Healthy);

        Volatile.Write(ref isSlow, true);
        for (var i = 0; i < 40 && host.Health.Look(fault.Deployment()).State == BreakerState.Healthy; i++) await BatchAsync(fault);

        var view = host.Health.Look(fault.Deployment());
        (view.State, view.Reason, view.IsDead).ShouldBe((BreakerState.Open, "slow_first_token", false));
        var asked = fault.Requests().Count;
        await fault.AnswersAsync("exact");
        fault.Requests().Count.ShouldBe(asked);

        async Task BatchAsync(FaultCase asked) =>
            (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Answer.OfAsync(host.Service, asked.Fresh())))).ShouldAllBe(a => a.Error == null);
    }
}

/// <summary>A service that judges the last five seconds, and to which a third of a second can be slow.</summary>
public sealed class LatencyFaultsFixture : FaultsFixture
{
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(1.2);

    protected override ValueTask PrepareAsync()
    {
        (Service.Settings["Breaker:SlowFirstTokenFloor"], Service.Settings["Breaker:Window"]) = ("00:00:00.300", "00:00:05");
        return ValueTask.CompletedTask;
    }
}
