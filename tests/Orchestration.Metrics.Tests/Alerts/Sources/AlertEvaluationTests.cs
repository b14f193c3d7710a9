using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Recording;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts.Sources;

public sealed class AlertEvaluationTests(BackingServices services) : IAsyncLifetime
{
    private AlertsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await AlertsHost.StartAsync(services);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Deployment_provider_and_route_that_fail_too_often_are_told_and_end_with_their_window()
    {
        await WriteAsync(20, failed: 5, status: 503);

        await _host.Evaluation.RunAsync(Cancellation);

        var alerts = await _host.AlertsAsync();
        alerts.Select(alert => alert.Subject).ShouldBe(["deployment:acme-large", "provider:acme", "route:auto"], ignoreOrder: true);
        alerts.ShouldAllBe(alert => alert.Facts["percent"] == "25" && alert.Facts["count"] == "20" && alert.Severity == AlertSeverity.Critical);

        _host.Time.Advance(TimeSpan.FromMinutes(6));
        await _host.Evaluation.RunAsync(Cancellation);
        (await _host.AlertsAsync()).ShouldAllBe(alert => alert.State == AlertState.Resolved);
    }

    [Theory]
    [InlineData(19, 19, 503, false)]
    [InlineData(40, 7, 503, false)]
    [InlineData(20, 20, 400, false)]
    [InlineData(20, 20, 503, true)]
    public async Task Too_little_work_low_rates_mistakes_of_callers_and_simulated_work_are_no_alert(int count, int failed, int status, bool simulated)
    {
        await WriteAsync(count, failed, status, simulated);

        await _host.Evaluation.RunAsync(Cancellation);

        (await _host.AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Attempts_that_are_limited_by_the_provider_count_as_failed()
    {
        await WriteAsync(20, failed: 20, status: 429);

        await _host.Evaluation.RunAsync(Cancellation);

        (await _host.AlertsAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Events_in_quarantine_are_told_until_a_person_decided()
    {
        await _host.Host.Writer.WriteAsync([new SequencedEvent("gateway-0", 1, LedgerStory.Begin().Events[0] with { Payload = "{}" })], Cancellation);
        await _host.Evaluation.RunAsync(Cancellation);
        var alert = (await _host.AlertsAsync()).ShouldHaveSingleItem();
        (alert.Kind, alert.Facts["events"], alert.Severity).ShouldBe(("quarantine", "1", AlertSeverity.Critical));

        await ExecuteAsync("UPDATE quarantined_events SET state = 'discarded'");
        await _host.Evaluation.RunAsync(Cancellation);
        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);
    }

    [Fact]
    public async Task Gaps_of_the_last_night_are_told_and_so_are_nights_without_a_run()
    {
        await NightAsync(gaps: 3, ago: "1 hour", "finished");
        await _host.Evaluation.RunAsync(Cancellation);
        var alert = (await _host.AlertsAsync()).ShouldHaveSingleItem();
        (alert.Subject, alert.Facts["gaps"]).ShouldBe(("gaps", "3"));

        await NightAsync(gaps: 0, ago: "1 minute", "finished");
        await _host.Evaluation.RunAsync(Cancellation);
        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);

        _host.Time.Advance(TimeSpan.FromHours(37));
        await NightAsync(gaps: 0, ago: "1 second", "failed");
        await _host.Evaluation.RunAsync(Cancellation);
        (await _host.AlertsAsync()).Where(open => open.State != AlertState.Resolved).ShouldHaveSingleItem().Subject.ShouldBe("overdue");
    }

    [Fact]
    public async Task Ledger_that_was_never_compared_is_told_of()
    {
        await WriteAsync(1, failed: 0, status: 200);
        await _host.Evaluation.RunAsync(Cancellation);
        (await _host.AlertsAsync()).ShouldBeEmpty();

        _host.Time.Advance(TimeSpan.FromHours(37));
        await _host.Evaluation.RunAsync(Cancellation);
        (await _host.AlertsAsync()).ShouldHaveSingleItem().Subject.ShouldBe("overdue");
    }

    private Task NightAsync(int gaps, string ago, string state) => ExecuteAsync($"""
        INSERT INTO reconciliation_runs (id, trigger, first_day, last_day, state, started_at, ended_at, days_done, gaps)
        VALUES (gen_random_uuid(), 'nightly', current_date - 7, current_date - 1, '{state}', now() - interval '{ago}', now() - interval '{ago}', 7, {gaps})
        """);

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _host.Host.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task WriteAsync(int count, int failed, int status, bool simulated = false)
    {
        var events = Enumerable.Range(0, count).SelectMany(i =>
        {
            var story = LedgerStory.Begin(startedAt: _host.Time.GetUtcNow().AddSeconds(-2));
            var target = story.Finished.Target with { Deployment = "acme-large", Provider = "acme", Simulated = simulated };
            var fails = i < failed;
            return new[]
            {
                story.Wrap(story.Admitted with { Simulated = simulated }),
                story.Wrap(story.Started with { Target = target }),
                story.Wrap(story.Finished with { Target = target, Outcome = fails ? "failed" : "succeeded", FailureCode = fails ? "provider_error" : "", ProviderStatus = fails ? status : 200 }),
                story.Wrap(story.Completed with { Simulated = simulated, Status = fails ? "provider_error" : "ok" }),
            };
        });
        await _host.Host.Writer.WriteAsync(events.Sequenced(), Cancellation);
    }
}
