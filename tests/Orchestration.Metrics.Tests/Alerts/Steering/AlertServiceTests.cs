using Grpc.Core;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts.Steering;

public sealed class AlertServiceTests(BackingServices services) : IAsyncLifetime
{
    private AlertsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AlertsHost.StartAsync(services);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Secrets_go_in_and_never_come_out()
    {
        var channel = await _host.AddChannelAsync(AlertChannelKind.Webhook);

        channel.HasSecret.ShouldBeTrue();
        var listed = await _host.Client.ListAlertChannelsAsync(new ListAlertChannelsRequest(), _host.As());
        listed.ToString().ShouldNotContain(AlertsHost.Secret);
        listed.ToString().ShouldNotContain("token-of-the-robot");
        var row = (await _host.Host.Database.RowsAsync("alert_channels", Guid.Parse(channel.Id))).ShouldHaveSingleItem();
        row.ShouldNotContain(AlertsHost.Secret);
        row.ShouldNotContain("token-of-the-robot");
        row.ShouldNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes("token-of-the-robot")));
    }

    [Theory]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("http://example.com/hook")]
    [InlineData("http://127.0.0.1:1/hook")]
    [InlineData("https://user:password@example.com/hook")]
    [InlineData("file:///etc/passwd")]
    [InlineData("hook")]
    public async Task Address_inside_is_refused(string url)
    {
        var refused = await Should.ThrowAsync<RpcException>(() => _host.AddChannelAsync(AlertChannelKind.Webhook, request => request.Url = url));

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldNotContain("password");
    }

    [Fact]
    public async Task Name_that_resolves_inside_is_refused_when_it_is_connected_to()
    {
        var channel = await _host.AddChannelAsync(AlertChannelKind.Webhook, request => request.Url = "https://localhost/hook");

        var answer = await _host.Client.TestAlertChannelAsync(new TestAlertChannelRequest { Id = channel.Id }, _host.As());

        answer.Accepted.ShouldBeFalse();
        answer.Answer.ShouldBe("The address may not be connected to.");
    }

    [Theory]
    [InlineData(AlertChannelKind.Unspecified, "n", "a-secret-of-the-tests", "")]
    [InlineData(AlertChannelKind.Webhook, "", "a-secret-of-the-tests", "")]
    [InlineData(AlertChannelKind.Webhook, "n", "short", "")]
    [InlineData(AlertChannelKind.Wecom, "n", "a-secret-of-the-tests", "")]
    [InlineData(AlertChannelKind.Webhook, "n", "a-secret-of-the-tests", "no_such_kind")]
    [InlineData(AlertChannelKind.Email, "n", "", "")]
    public async Task What_cannot_be_right_is_named(AlertChannelKind kind, string name, string secret, string alertKind)
    {
        var refused = await Should.ThrowAsync<RpcException>(() => _host.AddChannelAsync(kind, request =>
        {
            (request.Name, request.Secret) = (name, secret);
            if (alertKind.Length > 0)
                request.AlertKinds.Add(alertKind);
        }));

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Test_message_is_sent_and_the_answer_told()
    {
        var channel = await _host.AddChannelAsync(AlertChannelKind.Dingtalk);
        _host.Far.Answer = _ => (200, """{"errcode":310000,"errmsg":"keywords not in content"}""");

        var answer = await _host.Client.TestAlertChannelAsync(new TestAlertChannelRequest { Id = channel.Id }, _host.As());

        answer.Accepted.ShouldBeFalse();
        answer.Status.ShouldBe(200);
        answer.Answer.ShouldBe("errcode 310000: keywords not in content");
        _host.Far.Last.Json["text"]!["content"]!.GetValue<string>().ShouldContain("This channel can receive alerts.");
    }

    [Fact]
    public async Task Changed_address_and_secret_are_used_from_then_on()
    {
        var channel = await _host.AddChannelAsync(AlertChannelKind.Webhook);
        await _host.Client.UpdateAlertChannelAsync(new UpdateAlertChannelRequest { Id = channel.Id, Url = $"{_host.Far.Url}/moved" }, _host.As());

        (await _host.Client.TestAlertChannelAsync(new TestAlertChannelRequest { Id = channel.Id }, _host.As())).Accepted.ShouldBeTrue();

        _host.Far.Last.Target.ShouldBe("/moved");
        _host.Far.Last.Headers["x-orchestration-signature"].ShouldStartWith("v1=");
    }

    [Fact]
    public async Task Unknown_ids_and_taken_names_are_told()
    {
        var id = Guid.CreateVersion7().ToString("D");
        var channel = await _host.AddChannelAsync(AlertChannelKind.Webhook);

        (await FailureAsync(() => _host.Client.DeleteAlertChannelAsync(new DeleteAlertChannelRequest { Id = id }, _host.As()).ResponseAsync)).ShouldBe(StatusCode.NotFound);
        (await FailureAsync(() => _host.Client.TestAlertChannelAsync(new TestAlertChannelRequest { Id = "x" }, _host.As()).ResponseAsync)).ShouldBe(StatusCode.NotFound);
        (await FailureAsync(() => _host.Client.AcknowledgeAlertAsync(new AcknowledgeAlertRequest { Id = id }, _host.As()).ResponseAsync)).ShouldBe(StatusCode.NotFound);
        (await FailureAsync(() => _host.Client.UpdateAlertRuleAsync(new UpdateAlertRuleRequest { Kind = "x" }, _host.As()).ResponseAsync)).ShouldBe(StatusCode.NotFound);
        (await FailureAsync(() => _host.AddChannelAsync(AlertChannelKind.Webhook, request => request.Name = channel.Name))).ShouldBe(StatusCode.AlreadyExists);
        (await FailureAsync(() => _host.Client.ListAlertChannelsAsync(new ListAlertChannelsRequest(), _host.As(ResourceNames.Indexing)).ResponseAsync)).ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Rules_are_changed_within_their_bounds()
    {
        var changed = await _host.Client.UpdateAlertRuleAsync(
            new UpdateAlertRuleRequest { Kind = "error_rate", Threshold = 5, MinimumCount = 3, Window = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) }, _host.As());

        (changed.Threshold, changed.MinimumCount, changed.Unit).ShouldBe((5, 3, "percent"));
        var rules = (await _host.Client.ListAlertRulesAsync(new ListAlertRulesRequest(), _host.As())).Rules;
        rules.Select(rule => rule.Kind).ShouldBe(rules.Select(rule => rule.Kind).Order(StringComparer.Ordinal));
        rules.Single(rule => rule.Kind == "error_rate").ShouldBe(changed);
        rules.ShouldAllBe(rule => rule.HasSource);
        foreach (var wrong in (UpdateAlertRuleRequest[])[
            new() { Kind = "error_rate", Threshold = 101 },
            new() { Kind = "error_rate", Threshold = double.NaN },
            new() { Kind = "error_rate", MinimumCount = 0 },
            new() { Kind = "key_disabled", Threshold = 5 },
            new() { Kind = "key_disabled", RemindAfter = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }])
            (await FailureAsync(() => _host.Client.UpdateAlertRuleAsync(wrong, _host.As()).ResponseAsync)).ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Alerts_are_listed_by_page()
    {
        for (var i = 0; i < 5; i++)
        {
            await _host.RaiseAsync($"credential:{i}");
            _host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await _host.Client.ListAlertsAsync(new ListAlertsRequest { PageSize = 3 }, _host.As());
        var second = await _host.Client.ListAlertsAsync(new ListAlertsRequest { PageSize = 3, PageToken = first.NextPageToken }, _host.As());

        first.Alerts.Concat(second.Alerts).Select(alert => alert.Subject).ShouldBe(Enumerable.Range(0, 5).Reverse().Select(i => $"credential:{i}"));
        second.NextPageToken.ShouldBe("");
        first.Alerts[0].Summary.ShouldBe("Key credential:4 of acme cn is disabled. refused");
    }

    private static async Task<StatusCode> FailureAsync(Func<Task> call) => (await Should.ThrowAsync<RpcException>(call)).StatusCode;
}
