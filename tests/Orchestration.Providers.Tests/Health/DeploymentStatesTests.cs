using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Tests.Health;

public sealed class DeploymentStatesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly HealthFeed _feed;
    private readonly DeploymentStates _states;

    public DeploymentStatesTests()
    {
        _feed = new HealthFeed(_services, NullLogger<HealthFeed>.Instance);
        _states = new DeploymentStates(new DeploymentCooldowns(_time, _feed), Options.Create(new BreakerOptions()), _feed, _time);
    }

    [Theory]
    [InlineData(FailureClass.ProviderError, true)]
    [InlineData(FailureClass.ProviderUnreachable, true)]
    [InlineData(FailureClass.ProviderTimeout, true)]
    [InlineData(FailureClass.ProviderProtocol, true)]
    [InlineData(FailureClass.ProviderTruncated, true)]
    [InlineData(FailureClass.ProviderOverloaded, true)]
    [InlineData(FailureClass.ProviderInvalidRequest, false)]
    [InlineData(FailureClass.ContentFilter, false)]
    [InlineData(FailureClass.ContextLength, false)]
    [InlineData(FailureClass.ProviderRateLimited, false)]
    [InlineData(FailureClass.ProviderConcurrency, false)]
    [InlineData(FailureClass.ProviderAuth, false)]
    [InlineData(FailureClass.CostCeiling, false)]
    public void Only_what_the_deployment_is_to_blame_for_opens_its_breaker(FailureClass failureClass, bool opens)
    {
        Fail("d", 10, failureClass);

        (_states.Look("d").State == BreakerState.Open).ShouldBe(opens);
    }

    [Fact]
    public void Deadline_of_the_request_says_nothing_about_the_deployment()
    {
        for (var i = 0; i < 10; i++) _states.Failed("d", StopReason.TotalDeadline.ToFailure(), _time.GetTimestamp());

        _states.Look("d").State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void Word_of_another_replica_counts_for_a_bounded_time_and_never_makes_a_deployment_dead()
    {
        Hear("d", "open", TimeSpan.FromHours(1));

        var view = _states.Look("d");
        (view.State, view.IsDead).ShouldBe((BreakerState.Open, false));
        view.Wait.ShouldBe(new BreakerOptions().LongestOpenTime);

        Hear("d", "healthy", null);
        _states.Look("d").State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void Rest_of_another_replica_is_taken_over_and_only_extended()
    {
        Hear("d", "cooling", TimeSpan.FromSeconds(40));
        Hear("d", "cooling", TimeSpan.FromSeconds(5));
        _states.Resting("d").ShouldBe(TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(50));

        Hear("d", "cooling", TimeSpan.FromDays(1));
        _states.Resting("d").ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void Older_news_and_own_news_change_nothing()
    {
        Hear("d", "healthy", null);
        _states.Hear(News("d", "open", TimeSpan.FromSeconds(5)) with { ChangedAt = _time.GetUtcNow() - TimeSpan.FromSeconds(1) });
        _states.Hear(News("d", "open", TimeSpan.FromSeconds(5)) with { Replica = HealthFeed.Replica });

        _states.Look("d").State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void At_most_half_of_a_plan_is_left_alone_for_failing_now_and_then_the_worst_first()
    {
        var plan = Plan("a", "b", "c", "d", "e");
        foreach (var (id, failures) in new[] { ("a", 8), ("b", 10), ("c", 12), ("d", 9) }) Grey(id, failures);

        var order = CandidateOrder.Of(plan.Candidates, _states);

        plan.Candidates.Where(order.IsEjected).Select(c => c.Deployment.Id).ShouldBe(["b", "c"]);
    }

    [Fact]
    public void Only_candidate_is_never_left_alone_for_failing_now_and_then()
    {
        Grey("a", 12);
        var plan = Plan("a");

        CandidateOrder.Of(plan.Candidates, _states).IsEjected(plan.Candidates[0]).ShouldBeFalse();
    }

    [Fact]
    public void Deployments_that_answer_nothing_are_only_probed_even_if_that_are_all()
    {
        Fail("a", 5, FailureClass.ProviderUnreachable);
        Fail("b", 5, FailureClass.ProviderUnreachable);
        var plan = Plan("a", "b");

        plan.Candidates.Count(CandidateOrder.Of(plan.Candidates, _states).IsEjected).ShouldBe(2);
    }

    [Fact]
    public void Recovering_deployment_gives_way_to_the_others_and_takes_its_place_back_bit_by_bit()
    {
        Fail("a", 5, FailureClass.ProviderUnreachable);
        while (_states.Look("a").State != BreakerState.Healthy)
        {
            if (_states.TryProbe("a")) _states.Succeeded("a", _time.GetTimestamp());
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        var early = FirstOf200();
        _time.Advance(TimeSpan.FromSeconds(5));
        var later = FirstOf200();
        _time.Advance(TimeSpan.FromSeconds(6));

        early.ShouldBeInRange(2, 60);
        later.ShouldBeInRange(early + 10, 190);
        FirstOf200().ShouldBe(200);

        int FirstOf200() => Enumerable.Range(0, 200).Count(_ => CandidateOrder.Of(Plan("a", "b").Candidates, _states).Candidates[0].Deployment.Id == "a");
    }

    public void Dispose()
    {
        _feed.Dispose();
        _services.Dispose();
    }

    private void Fail(string deployment, int times, FailureClass failureClass)
    {
        for (var i = 0; i < times; i++) _states.Failed(deployment, new Failure { FailureClass = failureClass, Code = "x" }, _time.GetTimestamp());
    }

    // Of 30 outcomes, never five failures in a row.
    private void Grey(string deployment, int failures)
    {
        for (var i = 0; i < 30; i++)
        {
            if (i % 2 == 0 || i / 2 < 15 - failures) _states.Succeeded(deployment, _time.GetTimestamp());
            else Fail(deployment, 1, FailureClass.ProviderProtocol);
        }

        _states.Look(deployment).State.ShouldBe(BreakerState.Open);
        _states.Look(deployment).IsDead.ShouldBeFalse();
    }

    private void Hear(string deployment, string state, TimeSpan? until)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _states.Hear(News(deployment, state, until));
    }

    private DeploymentHealthChanged News(string deployment, string state, TimeSpan? until) => new()
    {
        Deployment = deployment,
        State = state,
        Reason = "upstream_protocol",
        Until = _time.GetUtcNow() + until,
        ChangedAt = _time.GetUtcNow(),
        Replica = Guid.NewGuid(),
    };

    private static Plan Plan(params string[] ids) => new() { Candidates = { ids.Select(id => new Candidate { Deployment = new Deployment { Id = id } }) } };
}
