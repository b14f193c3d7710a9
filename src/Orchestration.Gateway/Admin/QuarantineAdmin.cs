using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class QuarantineAdmin(QuarantineService.QuarantineServiceClient quarantine, ForwardedCalls forward) : QuarantineAdminService.QuarantineAdminServiceBase
{
    public override Task<ListQuarantinedEventsResponse> ListQuarantinedEvents(ListQuarantinedEventsRequest request, ServerCallContext context) =>
        forward.SendAsync(quarantine.ListQuarantinedEventsAsync, request, "", context);

    public override Task<QuarantinedEvent> GetQuarantinedEvent(GetQuarantinedEventRequest request, ServerCallContext context) =>
        forward.SendAsync(quarantine.GetQuarantinedEventAsync, request, "", context);

    public override Task<QuarantinedEvent> ReplayQuarantinedEvent(DecideQuarantinedEventRequest request, ServerCallContext context) =>
        forward.SendAsync(quarantine.ReplayQuarantinedEventAsync, request, "", context);

    public override Task<QuarantinedEvent> DiscardQuarantinedEvent(DecideQuarantinedEventRequest request, ServerCallContext context) =>
        forward.SendAsync(quarantine.DiscardQuarantinedEventAsync, request, "", context);

    public override Task<ListPoisonMessagesResponse> ListPoisonMessages(ListPoisonMessagesRequest request, ServerCallContext context) =>
        forward.SendAsync(quarantine.ListPoisonMessagesAsync, request, "", context);

    public override Task<ReplayPoisonMessagesResponse> ReplayPoisonMessages(ReplayPoisonMessagesRequest request, ServerCallContext context) =>
        forward.SendAsync(quarantine.ReplayPoisonMessagesAsync, request, "", context);
}
