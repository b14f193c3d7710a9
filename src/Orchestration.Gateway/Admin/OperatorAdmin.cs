using Grpc.Core;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Admin;

/// <summary>What owners do with operators. An answer with a secret is stored by nobody on its way.</summary>
internal sealed class OperatorAdmin(OperatorBook operators) : OperatorAdminService.OperatorAdminServiceBase
{
    public override Task<Operator> WhoAmI(WhoAmIRequest request, ServerCallContext context) =>
        operators.GetAsync(AdminCall.Of(context).Operator, context.CancellationToken).OrThrowAsync();

    public override Task<IssuedOperator> CreateOperator(CreateOperatorRequest request, ServerCallContext context)
    {
        ForbidStoring(context);
        return operators.CreateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();
    }

    public override Task<ListOperatorsResponse> ListOperators(ListOperatorsRequest request, ServerCallContext context) =>
        operators.ListAsync(request, context.CancellationToken).OrThrowAsync();

    public override Task<Operator> UpdateOperator(UpdateOperatorRequest request, ServerCallContext context) =>
        operators.UpdateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<IssuedOperator> RotateOperator(RotateOperatorRequest request, ServerCallContext context)
    {
        ForbidStoring(context);
        return operators.RotateAsync(request.OperatorId, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();
    }

    public override Task<Operator> RevokeOperator(RevokeOperatorRequest request, ServerCallContext context) =>
        operators.RevokeAsync(request.OperatorId, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    private static void ForbidStoring(ServerCallContext context) => context.GetHttpContext().Response.Headers.CacheControl = "no-store";
}
