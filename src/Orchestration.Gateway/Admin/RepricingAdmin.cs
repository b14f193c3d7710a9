using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class RepricingAdmin(RepricingService.RepricingServiceClient repricing, ForwardedCalls forward) : RepricingAdminService.RepricingAdminServiceBase
{
    // All rows of the month are read.
    private static readonly TimeSpan ClosingTimeout = TimeSpan.FromMinutes(30);

    public override Task<Repricing> PrepareRepricing(PrepareRepricingRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.PrepareRepricingAsync, request, "", context);

    public override Task<Repricing> GetRepricing(GetRepricingRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.GetRepricingAsync, request, "", context);

    public override Task<ListRepricingsResponse> ListRepricings(ListRepricingsRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.ListRepricingsAsync, request, "", context);

    public override Task<Repricing> ApplyRepricing(ApplyRepricingRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.ApplyRepricingAsync, request, "", context);

    public override Task<Repricing> CancelRepricing(CancelRepricingRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.CancelRepricingAsync, request, "", context);

    public override Task<Repricing> ReverseRepricing(ReverseRepricingRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.ReverseRepricingAsync, request, "", context);

    public override Task<ClosedMonth> CloseMonth(CloseMonthRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.CloseMonthAsync, request, "", context, ClosingTimeout);

    public override Task<ListClosedMonthsResponse> ListClosedMonths(ListClosedMonthsRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.ListClosedMonthsAsync, request, "", context);

    public override Task<Adjustment> AddAdjustment(AddAdjustmentRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.AddAdjustmentAsync, request, "", context);

    public override Task<ListAdjustmentsResponse> ListAdjustments(ListAdjustmentsRequest request, ServerCallContext context) =>
        forward.SendAsync(repricing.ListAdjustmentsAsync, request, "", context);
}
