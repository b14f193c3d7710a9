using Microsoft.Extensions.Time.Testing;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Tests.Health;

public sealed class DeploymentBreakerTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly FakeTimeProvider _time = new();
    private readonly BreakerOptions _options = new();
    private readonly DeploymentBreaker _breaker;

    public DeploymentBreakerTests() => _breaker = new DeploymentBreaker(_options, _time);

    [Fact]
    public void Failures_in_a_row_open_it_and_a_success_between_them_does_not()
    {
        Fail(4);
        Succeed(1);
        Fail(4);
        _breaker.Look().State.ShouldBe(BreakerState.Healthy);

        Fail(1);

        _breaker.Look().State.ShouldBe(BreakerState.Open);
        _breaker.Look().Wait.ShouldBeInRange(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public void Grey_failure_of_thirty_percent_opens_it_and_one_of_ten_percent_does_not()
    {
        for (var i = 0; i < 200; i++) Outcome(failed: i % 10 == 0);
        _breaker.Look().State.ShouldBe(BreakerState.Healthy);

        for (var i = 0; i < 40 && _breaker.Look().State == BreakerState.Healthy; i++) Outcome(failed: i % 10 is 2 or 5 or 8);

        // The earlier hundreds dilute it at first; within one window it shows.
        for (var i = 0; i < 300 && _breaker.Look().State == BreakerState.Healthy; i++) Outcome(failed: i % 10 is 2 or 5 or 8);
        _breaker.Look().State.ShouldBe(BreakerState.Open);
        _breaker.Look().IsDead.ShouldBeFalse();
    }

    [Fact]
    public void Few_failures_say_nothing_about_the_ratio()
    {
        for (var i = 0; i < 18; i++) Outcome(failed: i % 2 == 0);

        _breaker.Look().State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void Failures_older_than_the_window_do_not_count()
    {
        for (var i = 0; i < 18; i++) Outcome(failed: i % 2 == 0);
        _time.Advance(_options.Window + Step);

        for (var i = 0; i < 18; i++) Outcome(failed: i % 2 == 0);

        _breaker.Look().State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void Half_open_lets_one_probe_a_second_through()
    {
        Fail(5);
        var probes = new List<TimeSpan>();

        for (var at = TimeSpan.Zero; at < TimeSpan.FromSeconds(30); at += Step)
        {
            if (_breaker.TryProbe()) probes.Add(at);
            _time.Advance(Step);
        }

        probes.Count.ShouldBeInRange(20, 29);
        probes[0].ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1.5));
        probes.Zip(probes.Skip(1), (a, b) => b - a).ShouldAllBe(gap => gap >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Failed_probe_opens_it_for_longer_up_to_the_bound()
    {
        Fail(5);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(_breaker.Look().Wait + Step);
            _breaker.TryProbe().ShouldBeTrue();
            Fail(1);
            waits.Add(_breaker.Look().Wait);
        }

        waits[0].ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        waits.ShouldAllBe(w => w <= TimeSpan.FromSeconds(12.5));
        waits[^1].ShouldBeGreaterThan(TimeSpan.FromSeconds(7));
        _breaker.Look().IsDead.ShouldBeTrue();
    }

    [Fact]
    public void Dead_provider_that_recovers_has_all_of_its_traffic_back_within_thirty_seconds()
    {
        Fail(5);
        for (var i = 0; i < 8; i++)
        {
            _time.Advance(_breaker.Look().Wait + Step);
            if (_breaker.TryProbe()) Fail(1);
        }

        var full = TimeSpan.Zero;
        while (_breaker.Look().State != BreakerState.Healthy || _breaker.Share() < 1)
        {
            if (_breaker.TryProbe()) Succeed(1);
            _time.Advance(Step);
            full += Step;
        }

        full.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Share_grows_after_closing()
    {
        Fail(5);
        Recover();

        var shares = new List<double>();
        for (var i = 0; i <= 10; i++)
        {
            shares.Add(_breaker.Share());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        shares[0].ShouldBe(0.1, 0.05);
        shares.ShouldBe(shares.Order());
        shares[^1].ShouldBe(1);
    }

    [Fact]
    public void Outcome_of_an_attempt_that_began_before_it_opened_changes_nothing()
    {
        var early = _time.GetTimestamp();
        _time.Advance(Step);
        Fail(5);
        _time.Advance(_breaker.Look().Wait + Step);
        _breaker.TryProbe();

        _breaker.Record(false, early, "late").ShouldBeFalse();

        _breaker.Look().State.ShouldBe(BreakerState.Probing);
    }

    [Fact]
    public void Probe_whose_answer_begins_counts_before_it_ends()
    {
        Fail(5);
        for (var i = 0; i < _options.ProbesToClose; i++)
        {
            _time.Advance(_breaker.Look().Wait + TimeSpan.FromSeconds(1.3));
            _breaker.TryProbe().ShouldBeTrue();
            _breaker.Speaks(_time.GetTimestamp());
        }

        _breaker.Look().State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void Probe_that_speaks_and_ends_counts_once()
    {
        Fail(5);
        _time.Advance(_breaker.Look().Wait + Step);
        _breaker.TryProbe().ShouldBeTrue();
        var startedAt = _time.GetTimestamp();

        _breaker.Speaks(startedAt);
        _breaker.Record(true, startedAt, "");

        _breaker.Look().State.ShouldBe(BreakerState.Probing);
    }

    [Fact]
    public void Grey_deployment_that_is_asked_without_probes_closes_and_is_judged_anew()
    {
        for (var i = 0; i < 60 && _breaker.Look().State == BreakerState.Healthy; i++) Outcome(failed: i % 2 == 0);
        _breaker.Look().State.ShouldBe(BreakerState.Open);

        for (var i = 0; i < 60; i++) Outcome(failed: false);
        _breaker.Look().State.ShouldBe(BreakerState.Healthy);
        for (var i = 0; i < 400 && !_breaker.Look().IsDead; i++) Outcome(failed: true);

        _breaker.Look().IsDead.ShouldBeTrue();
    }

    [Fact]
    public void Own_failures_replace_what_was_only_heard()
    {
        _breaker.HearOpen(TimeSpan.FromSeconds(9), "upstream_protocol");
        _breaker.Look().IsDead.ShouldBeFalse();

        Fail(_options.ConsecutiveFailures);

        _breaker.Look().IsDead.ShouldBeTrue();
    }

    [Fact]
    public void Word_of_another_replica_ends_after_the_longest_time()
    {
        _breaker.HearOpen(TimeSpan.FromSeconds(2), "upstream_protocol");

        _time.Advance(_options.LongestOpenTime);

        _breaker.Look().State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void Half_of_the_answers_far_slower_than_usual_open_it_but_do_not_make_it_dead()
    {
        for (var i = 0; i < 3000; i++) FirstToken(1);

        for (var i = 0; i < 400 && _breaker.Look().State == BreakerState.Healthy; i++) FirstToken(i % 2 == 0 ? 1 : 20);

        var view = _breaker.Look();
        (view.State, view.Reason, view.IsDead).ShouldBe((BreakerState.Open, "slow_first_token", false));
    }

    [Fact]
    public void Slow_probe_does_not_close_it_and_two_usual_ones_do()
    {
        for (var i = 0; i < 3000; i++) FirstToken(1);
        for (var i = 0; i < 400 && _breaker.Look().State == BreakerState.Healthy; i++) FirstToken(20);
        _breaker.Look().State.ShouldBe(BreakerState.Open);

        for (var (probes, waits) = (0, 0); probes < 3 && waits < 1000; _time.Advance(Step), waits++)
        {
            if (!_breaker.TryProbe()) continue;
            probes++;
            _breaker.Speaks(_time.GetTimestamp(), TimeSpan.FromSeconds(20)).ShouldBeFalse();
            FirstToken(20);
            (_breaker.Look().State, _breaker.Look().IsDead).ShouldBe((BreakerState.Open, false));
        }

        for (var (probes, waits) = (0, 0); probes < 2 && waits < 1000; _time.Advance(Step), waits++)
        {
            if (!_breaker.TryProbe()) continue;
            probes++;
            _breaker.Speaks(_time.GetTimestamp(), TimeSpan.FromSeconds(1));
        }

        _breaker.Look().State.ShouldBe(BreakerState.Healthy);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(0.02)]
    public void Slow_or_fickle_model_stays_as_it_is(double usual)
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            // Long prompts and long thoughts: a tail that is a hundred times the shortest.
            FirstToken(usual * Math.Pow(10, 2 * random.NextDouble()));
            _breaker.Look().State.ShouldBe(BreakerState.Healthy);
        }
    }

    [Fact]
    public void Answers_below_the_floor_are_never_slow_and_the_first_ones_say_nothing()
    {
        for (var i = 0; i < 30; i++) FirstToken(i % 2 == 0 ? 0.1 : 60);
        _breaker.Look().State.ShouldBe(BreakerState.Healthy);

        var quick = new DeploymentBreaker(_options, _time);
        for (var i = 0; i < 400; i++) quick.Record(true, _time.GetTimestamp(), "", TimeSpan.FromMilliseconds(i < 300 ? 10 : 2900));
        quick.Look().State.ShouldBe(BreakerState.Healthy);
    }

    [Fact]
    public void Deployment_that_stays_slow_is_judged_by_what_is_usual_then()
    {
        for (var i = 0; i < 3000; i++) FirstToken(1);
        for (var i = 0; i < 300; i++)
        {
            FirstToken(20);
            _time.Advance(_options.LongestOpenTime);
        }

        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            if (_breaker.TryProbe()) _breaker.Speaks(_time.GetTimestamp(), TimeSpan.FromSeconds(20));
        }

        _breaker.Look().State.ShouldBe(BreakerState.Healthy);
    }

    private void FirstToken(double seconds)
    {
        _breaker.Record(true, _time.GetTimestamp(), "", TimeSpan.FromSeconds(seconds));
        _time.Advance(Step);
    }

    private void Recover()
    {
        while (_breaker.Look().State != BreakerState.Healthy)
        {
            if (_breaker.TryProbe()) Succeed(1);
            _time.Advance(Step);
        }
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++) _breaker.Record(false, _time.GetTimestamp(), "upstream_protocol");
    }

    private void Succeed(int times)
    {
        for (var i = 0; i < times; i++) _breaker.Record(true, _time.GetTimestamp(), "");
    }

    private void Outcome(bool failed)
    {
        _breaker.Record(!failed, _time.GetTimestamp(), "upstream_protocol");
        _time.Advance(Step);
    }
}
