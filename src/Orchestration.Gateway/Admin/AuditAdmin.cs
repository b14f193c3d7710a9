using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Audit;

namespace Orchestration.Gateway.Admin;

/// <summary>The audit log for those who may read it.</summary>
internal sealed class AuditAdmin(AuditLog log, AuditChain chain) : AuditAdminService.AuditAdminServiceBase
{
    public override Task<ListAuditLinesResponse> ListAuditLines(ListAuditLinesRequest request, ServerCallContext context) =>
        log.ListAsync(request, context.CancellationToken).OrThrowAsync();

    public override Task<AuditVerification> VerifyAudit(VerifyAuditRequest request, ServerCallContext context) =>
        chain.VerifyAsync(request, context.CancellationToken).OrThrowAsync();
}
