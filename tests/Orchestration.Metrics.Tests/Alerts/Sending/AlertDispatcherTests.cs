using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts.Sending;

public sealed class AlertDispatcherTests(BackingServices services) : IAsyncLifetime
{
    private static readonly TimeSpan GroupWindow = TimeSpan.FromSeconds(30);
    private AlertsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await AlertsHost.StartAsync(services);
        await _host.AddChannelAsync(AlertChannelKind.Webhook);
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Alerts_of_a_kind_are_gathered_into_one_message()
    {
        for (var i = 0; i < 5; i++)
            await _host.RaiseAsync($"credential:{i}");
        await _host.RaiseAsync("credential:1", "balance_low");

        (await _host.PassAsync(GroupWindow - TimeSpan.FromSeconds(1))).ShouldBe(0);
        (await _host.PassAsync(TimeSpan.FromSeconds(1))).ShouldBe(2);

        _host.Far.Requests.Select(request => request.Json["alerts"]!.AsArray().Count).ShouldBe([5, 1], ignoreOrder: true);
        (await _host.PassAsync(TimeSpan.FromMinutes(10))).ShouldBe(0);
    }

    [Fact]
    public async Task Same_cause_seen_again_is_counted_and_not_told_again()
    {
        await _host.RaiseAsync("credential:1");
        await _host.PassAsync(GroupWindow);
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.RaiseAsync("credential:1")));

        (await _host.PassAsync(GroupWindow)).ShouldBe(0);

        (await _host.AlertsAsync()).ShouldHaveSingleItem().Count.ShouldBe(9);
    }

    [Fact]
    public async Task Same_cause_seen_by_all_replicas_at_once_is_one_alert()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.RaiseAsync("credential:1")));

        (await _host.PassAsync(GroupWindow)).ShouldBe(1);
        _host.Far.Last.Json["alerts"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task End_is_told_to_whom_the_beginning_was_told()
    {
        await _host.RaiseAsync("credential:1");
        await _host.PassAsync(GroupWindow);
        await _host.AddChannelAsync(AlertChannelKind.Webhook);
        await _host.ResolveAsync("credential:1");

        (await _host.PassAsync(GroupWindow)).ShouldBe(1);

        _host.Far.Last.Json["alerts"]![0]!["event"]!.GetValue<string>().ShouldBe("resolved");
        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);
    }

    [Fact]
    public async Task What_ends_before_it_was_told_is_not_told()
    {
        await _host.RaiseAsync("credential:1");
        await _host.ResolveAsync("credential:1");

        (await _host.PassAsync(TimeSpan.FromHours(1))).ShouldBe(0);
        _host.Far.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Late_news_neither_end_nor_reopen_an_alert()
    {
        var early = _host.Time.GetUtcNow();
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.RaiseAsync("credential:1");
        var key = Orchestration.Metrics.Alerts.Raising.AlertFinding.KeyOf("key_disabled", "", "credential:1");
        await _host.Book.ResolveAsync(key, early, Cancellation);
        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Open);

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.ResolveAsync("credential:1");
        await _host.Book.RaiseAsync(new("key_disabled", "credential:1", early, []), Cancellation);

        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);
    }

    [Fact]
    public async Task Open_alert_is_told_again_until_somebody_acknowledges_it()
    {
        await _host.RaiseAsync("credential:1");
        await _host.PassAsync(GroupWindow);

        (await RemindAsync(TimeSpan.FromHours(23))).ShouldBe(0);
        (await RemindAsync(TimeSpan.FromHours(1))).ShouldBe(1);
        _host.Far.Last.Json["alerts"]![0]!["event"]!.GetValue<string>().ShouldBe("reminder");

        var alert = (await _host.AlertsAsync()).ShouldHaveSingleItem();
        (await _host.Client.AcknowledgeAlertAsync(new AcknowledgeAlertRequest { Id = alert.Id }, _host.As())).AcknowledgedAt.ShouldNotBeNull();
        (await RemindAsync(TimeSpan.FromDays(2))).ShouldBe(0);
    }

    [Fact]
    public async Task Silenced_alert_is_told_after_its_silence()
    {
        await _host.RaiseAsync("credential:1");
        var alert = (await _host.AlertsAsync()).ShouldHaveSingleItem();
        await _host.Client.SilenceAlertAsync(new SilenceAlertRequest { Id = alert.Id, Duration = Duration.FromTimeSpan(TimeSpan.FromHours(1)) }, _host.As());

        (await _host.PassAsync(TimeSpan.FromMinutes(59))).ShouldBe(0);
        (await _host.PassAsync(TimeSpan.FromMinutes(1))).ShouldBe(1);
    }

    [Fact]
    public async Task Silence_longer_than_the_time_after_which_notices_are_given_up_loses_none()
    {
        await _host.RaiseAsync("credential:1");
        var alert = (await _host.AlertsAsync()).ShouldHaveSingleItem();
        await _host.Client.SilenceAlertAsync(new SilenceAlertRequest { Id = alert.Id, Duration = Duration.FromTimeSpan(TimeSpan.FromDays(3)) }, _host.As());

        (await RemindAsync(TimeSpan.FromHours(25))).ShouldBe(0);
        (await RemindAsync(TimeSpan.FromHours(46))).ShouldBe(0);
        (await RemindAsync(TimeSpan.FromHours(1))).ShouldBe(1);
        _host.Far.Last.Json["alerts"]![0]!["event"]!.GetValue<string>().ShouldBe("opened");
    }

    [Fact]
    public async Task Far_side_in_trouble_is_asked_less_and_less_often_and_gets_everything_in_the_end()
    {
        _host.Far.Answer = _ => (503, "busy");
        await _host.RaiseAsync("credential:1");
        await _host.PassAsync(GroupWindow);
        foreach (var (pause, calls) in new[] { (5, 2), (9, 2), (1, 3), (19, 3), (1, 4) })
        {
            await _host.PassAsync(TimeSpan.FromSeconds(pause));
            _host.Far.Requests.Count.ShouldBe(calls);
        }

        await _host.RaiseAsync("credential:2");
        _host.Far.Answer = _ => (204, "");
        (await _host.PassAsync(TimeSpan.FromMinutes(1))).ShouldBe(1);
        _host.Far.Last.Json["alerts"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Far_side_says_when_to_come_again()
    {
        _host.Far.Answer = _ => (429, "120");
        await _host.RaiseAsync("credential:1");
        await _host.PassAsync(GroupWindow);

        await _host.PassAsync(TimeSpan.FromSeconds(119));
        _host.Far.Requests.Count.ShouldBe(1);
        await _host.PassAsync(TimeSpan.FromSeconds(1));
        _host.Far.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        _host.Far.Answer = _ => (302, "http://169.254.169.254/latest/meta-data");
        await _host.RaiseAsync("credential:1");

        (await _host.PassAsync(GroupWindow)).ShouldBe(0);
        _host.Far.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Two_replicas_send_a_message_once()
    {
        await _host.RaiseAsync("credential:1");
        _host.Time.Advance(GroupWindow);

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _host.Dispatcher.RunAsync(Cancellation)));

        taken.Sum().ShouldBe(1);
        _host.Far.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Alerts_and_what_waits_survive_a_restart()
    {
        await _host.RaiseAsync("credential:1");
        await _host.RestartAsync();

        (await _host.PassAsync(GroupWindow)).ShouldBe(1);
        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Open);
    }

    [Fact]
    public async Task Channel_of_a_tenant_is_told_of_that_tenant_only()
    {
        await _host.AddChannelAsync(AlertChannelKind.Webhook, request => (request.TenantId, request.Url) = ("acme", $"{_host.Far.Url}/acme"));
        await _host.RaiseAsync("budget:1", "budget_threshold", tenantId: "other");
        await _host.RaiseAsync("budget:2", "budget_threshold", tenantId: "acme");
        await _host.PassAsync(GroupWindow);

        var sent = _host.Far.Requests.Single(request => request.Target == "/acme").Json["alerts"]!.AsArray();
        sent.ShouldHaveSingleItem()!["tenant_id"]!.GetValue<string>().ShouldBe("acme");
        _host.Far.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Rule_that_is_switched_off_raises_nothing_and_ends_what_is_open()
    {
        await _host.RaiseAsync("credential:1");
        await _host.PassAsync(GroupWindow);
        await _host.Client.UpdateAlertRuleAsync(new UpdateAlertRuleRequest { Kind = "key_disabled", Enabled = false }, _host.As());

        await _host.Evaluation.RunAsync(Cancellation);
        await _host.RaiseAsync("credential:2");

        (await _host.PassAsync(GroupWindow)).ShouldBe(0);
        (await _host.AlertsAsync()).ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);
    }

    private async Task<int> RemindAsync(TimeSpan after)
    {
        _host.Time.Advance(after);
        (await _host.Evaluation.RunAsync(Cancellation)).ShouldBeTrue();
        return await _host.Dispatcher.RunAsync(Cancellation);
    }
}
