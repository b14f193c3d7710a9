using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Raising;
using Orchestration.Metrics.Querying;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Alerts.Steering;

/// <summary>Translates the calls of operators, who come through the gateway's admin API only.</summary>
internal sealed class AlertGrpcService(AlertChannels channels, AlertRules rules, RuleChanges changes, AlertList alerts, TimeProvider timeProvider)
    : AlertService.AlertServiceBase
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 200;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(30);

    public override async Task<ListAlertChannelsResponse> ListAlertChannels(ListAlertChannelsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return new ListAlertChannelsResponse { Channels = { await channels.ListAsync(request.TenantId, context.CancellationToken) } };
    }

    public override async Task<AlertChannel> CreateAlertChannel(CreateAlertChannelRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Told(await channels.CreateAsync(request, context.CancellationToken));
    }

    public override async Task<AlertChannel> UpdateAlertChannel(UpdateAlertChannelRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Told(await channels.UpdateAsync(request, context.CancellationToken));
    }

    public override async Task<DeleteAlertChannelResponse> DeleteAlertChannel(DeleteAlertChannelRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (!await channels.DeleteAsync(request.Id, context.CancellationToken))
            ThrowUnknown("channel", "id");
        return new DeleteAlertChannelResponse();
    }

    public override async Task<TestAlertChannelResponse> TestAlertChannel(TestAlertChannelRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var response = await channels.TestAsync(request.Id, context.CancellationToken);
        if (response is null)
            ThrowUnknown("channel", "id");
        return response;
    }

    public override async Task<ListAlertRulesResponse> ListAlertRules(ListAlertRulesRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var settings = await rules.LoadAsync(context.CancellationToken);
        return new ListAlertRulesResponse { Rules = { settings.Values.OrderBy(rule => rule.Kind, StringComparer.Ordinal).Select(rule => rule.ToWire()) } };
    }

    public override async Task<AlertRule> UpdateAlertRule(UpdateAlertRuleRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var shipped = AlertKinds.Find(request.Kind);
        if (shipped is null)
            ThrowUnknown("rule", "kind");
        if (RuleChanges.Problem(request, shipped) is var (param, message))
            ThrowInvalid(param, message);
        return (await changes.ChangeAsync(request, shipped, context.CancellationToken)).ToWire();
    }

    public override async Task<ListAlertsResponse> ListAlerts(ListAlertsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (request.PageSize is < 0 or > MaxPageSize)
            ThrowInvalid("page_size", $"The page size must lie between 1 and {MaxPageSize}.");
        if (request.Kind.Length > 0 && !AlertKinds.Exists(request.Kind))
            ThrowInvalid("kind", "There is no such kind of alert.");
        var scope = $"alerts\n{request.TenantId}";
        Guid? after = null;
        if (request.PageToken.Length > 0 && (after = PageToken.Read(request.PageToken, scope)) is null)
            ThrowInvalid("page_token", "The page token is not one of this list.");

        var size = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        var found = await alerts.ListAsync(request, after, size + 1, context.CancellationToken);
        var now = timeProvider.GetUtcNow();
        var response = new ListAlertsResponse { Alerts = { found.Take(size).Select(alert => alert.ToWire(now)) } };
        if (found.Count > size)
            response.NextPageToken = PageToken.For(found[size - 1].Id, scope);
        return response;
    }

    public override async Task<Alert> AcknowledgeAlert(AcknowledgeAlertRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var alert = Guid.TryParseExact(request.Id, "D", out var id) ? await alerts.AcknowledgeAsync(id, context.CancellationToken) : null;
        if (alert is null)
            ThrowUnknown("alert", "id");
        return alert.ToWire(timeProvider.GetUtcNow());
    }

    public override async Task<Alert> SilenceAlert(SilenceAlertRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var duration = request.Duration?.ToTimeSpan() ?? TimeSpan.Zero;
        if (duration < TimeSpan.Zero || duration > LongestSilence)
            ThrowInvalid("duration", "A silence lasts at most 30 days; 0 ends it.");
        var alert = Guid.TryParseExact(request.Id, "D", out var id) ? await alerts.SilenceAsync(id, duration, context.CancellationToken) : null;
        if (alert is null)
            ThrowUnknown("alert", "id");
        return alert.ToWire(timeProvider.GetUtcNow());
    }

    // Where alerts go is the operators' business alone: no other service of the system has a reason to ask.
    private static AlertChannel Told(ChannelOutcome outcome)
    {
        switch (outcome)
        {
            case ChannelOutcome.Done done:
                return done.Channel;
            case ChannelOutcome.Invalid(var param, var message):
                ThrowInvalid(param, message);
                break;
            case ChannelOutcome.NameTaken:
                throw new RpcException(new Status(StatusCode.AlreadyExists, "There is a channel of this name."));
            case ChannelOutcome.NoMasterKey:
                throw Failed(FailureClass.Unavailable, "no_master_key", "No master key is configured (Alerts:MasterKeyFile or Alerts:MasterKey), or not the one that the channel is sealed under.");
        }

        ThrowUnknown("channel", "id");
        return null;
    }

    [DoesNotReturn]
    private static void ThrowUnknown(string what, string param) =>
        throw Failed(FailureClass.NotFound, $"alert_{(what == "alert" ? "" : what + "_")}not_found", $"There is no such {what}.", param);

    [DoesNotReturn]
    private static void ThrowInvalid(string param, string message) => throw Failed(FailureClass.InvalidRequest, "invalid_" + param, message, param);

    private static FailureException Failed(FailureClass failureClass, string code, string message, string param = "") =>
        new(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param });
}
