using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

/// <summary>Hands on what operators do with budgets.</summary>
internal sealed class BudgetAdmin(BudgetService.BudgetServiceClient budgets, ForwardedCalls forward) : BudgetAdminService.BudgetAdminServiceBase
{
    public override Task<Budget> CreateBudget(CreateBudgetRequest request, ServerCallContext context) =>
        forward.SendAsync(budgets.CreateBudgetAsync, request, "", context);

    public override Task<Budget> GetBudget(GetBudgetRequest request, ServerCallContext context) =>
        forward.SendAsync(budgets.GetBudgetAsync, request, "", context);

    public override Task<ListBudgetsResponse> ListBudgets(ListBudgetsRequest request, ServerCallContext context) =>
        forward.SendAsync(budgets.ListBudgetsAsync, request, "", context);

    public override Task<Budget> UpdateBudget(UpdateBudgetRequest request, ServerCallContext context) =>
        forward.SendAsync(budgets.UpdateBudgetAsync, request, "", context);

    public override Task<Budget> DisableBudget(DisableBudgetRequest request, ServerCallContext context) =>
        forward.SendAsync(budgets.DisableBudgetAsync, request, "", context);

    public override Task<ListLeasesResponse> ListLeases(ListLeasesRequest request, ServerCallContext context) =>
        forward.SendAsync(budgets.ListLeasesAsync, request, "", context);

    public override Task<BudgetLease> CloseLease(CloseLeaseRequest request, ServerCallContext context) =>
        forward.SendAsync(budgets.CloseLeaseAsync, request, "", context);
}
