using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Recovery;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Repricing;

/// <summary>Re-pricing, adjustments and closed months for the admin API.</summary>
internal sealed class RepricingGrpcService(
    RepricingBook book, ClosedMonths months, IOptions<RecoveryOptions> recovery, TimeProvider timeProvider) : RepricingService.RepricingServiceBase
{
    private const int LongestActor = 200;
    private const int LongestReason = 500;

    public override async Task<Contracts.Metrics.V1.Repricing> PrepareRepricing(PrepareRepricingRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        RepricingRequests.Check(request, timeProvider.GetUtcNow(), recovery.Value.OpenFor);
        return await FindAsync(await book.PrepareAsync(request, context.CancellationToken), context);
    }

    public override Task<Contracts.Metrics.V1.Repricing> GetRepricing(GetRepricingRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return FindAsync(IdOf(request.RepricingId), context);
    }

    public override async Task<ListRepricingsResponse> ListRepricings(ListRepricingsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (request.PageSize is < 0 or > 200) throw RepricingRequests.Invalid("page_size", "The page size lies between 1 and 200.");
        return new ListRepricingsResponse { Repricings = { await book.ListAsync(request.PageSize == 0 ? 50 : request.PageSize, context.CancellationToken) } };
    }

    public override Task<Contracts.Metrics.V1.Repricing> ApplyRepricing(ApplyRepricingRequest request, ServerCallContext context) => MoveAsync(request.RepricingId, book.ApplyAsync, context);

    public override Task<Contracts.Metrics.V1.Repricing> CancelRepricing(CancelRepricingRequest request, ServerCallContext context) => MoveAsync(request.RepricingId, book.CancelAsync, context);

    public override Task<Contracts.Metrics.V1.Repricing> ReverseRepricing(ReverseRepricingRequest request, ServerCallContext context) => MoveAsync(request.RepricingId, book.ReverseAsync, context);

    public override async Task<ClosedMonth> CloseMonth(CloseMonthRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        RepricingRequests.CheckText("actor", request.Actor, LongestActor);
        var period = MonthPeriod.Read(request.Month, request.TimeZone) ?? throw RepricingRequests.Invalid(
            MonthPeriod.Read(request.Month, "") is null ? "month" : "time_zone", "The month looks like 2026-10, and the time zone is an IANA name.");
        if (period.To > timeProvider.GetUtcNow()) throw RepricingRequests.Invalid("month", "The month is not over.");
        if (await months.CloseAsync(request.TenantId, period, request.Actor, context.CancellationToken) is { } reason) throw Conflict("month_not_closed", reason, "month");
        return (await months.ListAsync(request.TenantId, context.CancellationToken)).Single(m => m.Month == period.Month && m.TenantId == request.TenantId);
    }

    public override async Task<ListClosedMonthsResponse> ListClosedMonths(ListClosedMonthsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return new ListClosedMonthsResponse { Months = { await months.ListAsync(request.TenantId, context.CancellationToken) } };
    }

    public override async Task<Adjustment> AddAdjustment(AddAdjustmentRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var line = request.Adjustment ?? new Adjustment();
        RepricingRequests.CheckText("adjustment.tenant_id", line.TenantId, LongestActor);
        RepricingRequests.CheckText("adjustment.reason", line.Reason, LongestReason);
        RepricingRequests.CheckText("adjustment.actor", line.Actor, LongestActor);
        return await months.AddAsync(line, RepricingRequests.IdOf(line), RepricingRequests.AmountOf(line), context.CancellationToken) switch
        {
            AddedLine.Stands stands => stands.Line,
            AddedLine.IdTaken => throw Conflict("adjustment_exists", "There is another line of this id.", "adjustment.adjustment_id"),
            _ => throw Conflict("month_open", "The month is not closed for this tenant.", "adjustment.belongs_to"),
        };
    }

    public override async Task<ListAdjustmentsResponse> ListAdjustments(ListAdjustmentsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (request.PageSize is < 0 or > 1000) throw RepricingRequests.Invalid("page_size", "The page size lies between 1 and 1000.");
        var lines = await months.AdjustmentsAsync(request.TenantId, request.BelongsTo, request.PageSize == 0 ? 200 : request.PageSize, context.CancellationToken);
        return new ListAdjustmentsResponse { Adjustments = { lines } };
    }

    private async Task<Contracts.Metrics.V1.Repricing> MoveAsync(string id, Func<Guid, CancellationToken, Task<RepricingMove>> move, ServerCallContext context)
    {
        context.AdmitGateway();
        return await move(IdOf(id), context.CancellationToken) switch
        {
            RepricingMove.Refused refused => throw Conflict("repricing_state", refused.Reason, "repricing_id"),
            RepricingMove.Unknown => throw Unknown(),
            _ => await FindAsync(IdOf(id), context),
        };
    }

    private async Task<Contracts.Metrics.V1.Repricing> FindAsync(Guid id, ServerCallContext context) => await book.FindAsync(id, context.CancellationToken) ?? throw Unknown();

    // What the past cost is the business of operators; no other service of the system has a reason to ask.
    private static Guid IdOf(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw Unknown();

    private static FailureException Unknown() =>
        new(new Failure { FailureClass = FailureClass.NotFound, Code = "repricing_not_found", Message = "There is no such re-pricing.", Param = "repricing_id" });

    private static FailureException Conflict(string code, string message, string member) =>
        new(new Failure { FailureClass = FailureClass.Conflict, Code = code, Message = message, Param = member });
}
