using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts.Sources;

/// <summary>Alerts that are made from what Routing's catalogue says.</summary>
public sealed class CatalogueAlertTests(BackingServices services) : IAsyncLifetime
{
    private FakeRouting _routing = null!;
    private AlertsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _routing = await FakeRouting.StartAsync();
        _host = await AlertsHost.StartAsync(services, new Dictionary<string, string?> { ["services:routing:grpc:0"] = _routing.Address });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _routing.DisposeAsync();
    }

    [Fact]
    public async Task Model_without_a_price_is_told_until_it_has_one()
    {
        _routing.Entries.Add(Entry("priced", "ga"));
        _routing.Entries.Add(Entry("unpriced", "ga", new Failure { Code = "price_unknown" }));
        _routing.Entries.Add(Entry("off", "ga", new Failure { Code = "model_disabled" }));

        await LookAsync();

        var alert = (await _host.AlertsAsync()).ShouldHaveSingleItem();
        (alert.Kind, alert.Subject, alert.State).ShouldBe(("price_unknown", "model:acme/unpriced", AlertState.Open));

        _routing.Entries[1].Problem = null;
        await LookAsync();
        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);
    }

    [Theory]
    [InlineData("legacy", false, true)]
    [InlineData("redirected", false, true)]
    [InlineData("retired", false, true)]
    [InlineData("ga", false, false)]
    [InlineData("retired", true, false)]
    public async Task Model_that_goes_is_told_when_real_work_asked_for_it(string status, bool simulated, bool told)
    {
        _routing.Entries.Add(Entry("old", status));
        _routing.Entries.Add(Entry("unused", "retired"));
        await UseAsync("old", simulated);

        await LookAsync();

        var alerts = await _host.AlertsAsync();
        alerts.Select(alert => (alert.Kind, alert.Subject, alert.Facts["status"])).ShouldBe(told ? [("model_retiring", "model:acme/old", status)] : []);
    }

    [Theory]
    [InlineData("acme:Old")]
    [InlineData("ACME/old")]
    public async Task Model_that_goes_is_told_when_a_client_asked_for_it_by_name(string asked)
    {
        _routing.Entries.Add(Entry("Old", "retired"));
        await UseAsync("another", simulated: false, asked);

        await LookAsync();

        (await _host.AlertsAsync()).ShouldHaveSingleItem().Subject.ShouldBe("model:acme/Old");
    }

    [Fact]
    public async Task Alert_of_a_model_that_nobody_uses_any_more_ends_with_its_window()
    {
        _routing.Entries.Add(Entry("old", "retired"));
        await UseAsync("old", simulated: false);
        await LookAsync();

        _host.Time.Advance(TimeSpan.FromHours(25));
        await LookAsync();

        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);
    }

    [Fact]
    public async Task Routing_that_is_away_ends_no_alert()
    {
        _routing.Entries.Add(Entry("unpriced", "ga", new Failure { Code = "price_unknown" }));
        await LookAsync();
        await _routing.DisposeAsync();

        await LookAsync();

        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Open);
    }

    private static CatalogueEntry Entry(string id, string status, Failure? problem = null) => new() { Provider = "acme", Id = id, Status = status, Problem = problem };

    /// <summary>Looks when the catalogue may be asked for again.</summary>
    private async Task LookAsync()
    {
        _host.Time.Advance(TimeSpan.FromMinutes(2));
        await _host.Evaluation.RunAsync(Cancellation);
    }

    private async Task UseAsync(string model, bool simulated, string asked = "auto")
    {
        var story = LedgerStory.Begin(startedAt: _host.Time.GetUtcNow().AddSeconds(-2));
        var target = story.Finished.Target with { Provider = "acme", Model = model, Simulated = simulated };
        await _host.Host.Writer.WriteAsync(
            new[]
            {
                story.Wrap(story.Admitted with { Simulated = simulated, RequestedModel = asked }),
                story.Wrap(story.Started with { Target = target }),
                story.Wrap(story.Finished with { Target = target }),
                story.Wrap(story.Completed with { Simulated = simulated, RequestedModel = asked }),
            }.Sequenced(),
            Cancellation);
    }
}
