using System.Diagnostics;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Health;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class BreakerFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    [Fact]
    public async Task U54_grey_deployment_is_left_alone_and_no_request_suffers()
    {
        var calls = 0;
        var fault = new FaultCase(host).Asks(Grey(() => Interlocked.Increment(ref calls))).ThenAsksAGoodOne();
        for (var i = 0; i < 60 && host.Health.Look(fault.Deployment()).State == BreakerState.Healthy; i++)
            (await fault.RunAsync()).Answer.Error.ShouldBeNull();

        var view = host.Health.Look(fault.Deployment());
        (view.State, view.IsDead).ShouldBe((BreakerState.Open, false));
        var asked = fault.Requests().Count;
        await fault.AnswersAsync("exact");
        fault.Requests().Count.ShouldBe(asked);
    }

    [Fact]
    public async Task U54_no_more_than_half_of_the_pool_is_left_alone()
    {
        var (first, second) = (0, 0);
        var fault = new FaultCase(host).Asks(Grey(() => Interlocked.Increment(ref first))).Asks(Grey(() => Interlocked.Increment(ref second)), vendor: "groq");
        // The other order as well, so that both of them are seen to be ill.
        for (var i = 0; i < 120 && (IsHealthy(0) || IsHealthy(1)); i++)
        {
            var start = fault.Fresh();
            if (i % 2 == 0) start.Plan.Candidates.Add(Taken(start.Plan.Candidates));
            await Answer.OfAsync(host.Service, start);
        }

        (IsHealthy(0), IsHealthy(1)).ShouldBe((false, false));
        var before = fault.Requests().Count + fault.Requests(1).Count;
        for (var i = 0; i < 5; i++) await Answer.OfAsync(host.Service, fault.Fresh());
        (fault.Requests().Count + fault.Requests(1).Count - before).ShouldBeGreaterThanOrEqualTo(5);
        await host.ReturnsToBaselineAsync();

        static Contracts.Routing.V1.Candidate Taken(IList<Contracts.Routing.V1.Candidate> candidates)
        {
            var first = candidates[0];
            candidates.RemoveAt(0);
            return first;
        }

        bool IsHealthy(int candidate) => host.Health.Look(fault.Deployment(candidate)).State == BreakerState.Healthy;
    }

    [Fact]
    public async Task U55_dead_deployments_are_probed_once_a_second_and_come_back_within_half_a_minute()
    {
        var up = false;
        Func<UpstreamExchange, Task> script = e => Volatile.Read(ref up) ? OpenAIWire.AnswerAsync(e) : e.ReplyAsync(500, "application/json", "{}");
        var fault = new FaultCase(host).Asks(script).Asks(script, vendor: "groq").With(r => r.MaxAttempts = 2);
        for (var i = 0; i < 5; i++) (await Answer.OfAsync(host.Service, fault.Fresh())).Error.ShouldNotBeNull();
        for (var i = 0; i < 2; i++) host.Health.Look(fault.Deployment(i)).State.ShouldBe(BreakerState.Open);
        var (first, second) = (fault.Requests().Count, fault.Requests(1).Count);

        var refused = await Answer.OfAsync(host.Service, fault.Fresh());
        (refused.Error!.FailureClass, refused.Error.Code).ShouldBe((FailureClass.Unavailable, "providers_failing"));
        refused.Error.RetryAfter.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);

        var since = Stopwatch.GetTimestamp();
        await CrowdAsync(fault, until: () => Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(3));
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        (fault.Requests().Count - first).ShouldBeLessThanOrEqualTo((int)seconds + 1);
        (fault.Requests(1).Count - second).ShouldBeLessThanOrEqualTo((int)seconds + 1);

        Volatile.Write(ref up, true);
        since = Stopwatch.GetTimestamp();
        await CrowdAsync(fault, until: () => Enumerable.Range(0, 2).Any(i => host.Health.Look(fault.Deployment(i)).State == BreakerState.Healthy));
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        (await Answer.OfAsync(host.Service, fault.Fresh())).Error.ShouldBeNull();
        await host.ReturnsToBaselineAsync();
        host.LogsNoSecret();
    }

    // Many callers who all come again at once: the herd that must not reach a provider on its knees.
    private async Task CrowdAsync(FaultCase fault, Func<bool> until)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!until() && !end.IsCancellationRequested)
            {
                await Answer.OfAsync(host.Service, fault.Fresh());
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }));
    }

    private static Func<UpstreamExchange, Task> Grey(Func<int> next) => e => next() % 3 == 0
        ? e.ReplyAsync(200, "text/html", "<html>Welcome</html>")
        : OpenAIWire.AnswerAsync(e);
}
