using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

/// <summary>Hands on what operators do with alerts. Requests that carry a secret are neither kept nor told anywhere here.</summary>
internal sealed class AlertAdmin(AlertService.AlertServiceClient alerts, ForwardedCalls forward) : AlertAdminService.AlertAdminServiceBase
{
    public override Task<ListAlertChannelsResponse> ListAlertChannels(ListAlertChannelsRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.ListAlertChannelsAsync, request, "", context);

    public override Task<AlertChannel> CreateAlertChannel(CreateAlertChannelRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.CreateAlertChannelAsync, request, "", context);

    public override Task<AlertChannel> UpdateAlertChannel(UpdateAlertChannelRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.UpdateAlertChannelAsync, request, "", context);

    public override Task<DeleteAlertChannelResponse> DeleteAlertChannel(DeleteAlertChannelRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.DeleteAlertChannelAsync, request, "", context);

    public override Task<TestAlertChannelResponse> TestAlertChannel(TestAlertChannelRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.TestAlertChannelAsync, request, "", context);

    public override Task<ListAlertRulesResponse> ListAlertRules(ListAlertRulesRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.ListAlertRulesAsync, request, "", context);

    public override Task<AlertRule> UpdateAlertRule(UpdateAlertRuleRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.UpdateAlertRuleAsync, request, "", context);

    public override Task<ListAlertsResponse> ListAlerts(ListAlertsRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.ListAlertsAsync, request, "", context);

    public override Task<Alert> AcknowledgeAlert(AcknowledgeAlertRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.AcknowledgeAlertAsync, request, "", context);

    public override Task<Alert> SilenceAlert(SilenceAlertRequest request, ServerCallContext context) =>
        forward.SendAsync(alerts.SilenceAlertAsync, request, "", context);
}
