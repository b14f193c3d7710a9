using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Capture;

/// <summary>What operators do with captured payloads. Each look and each deletion stands in the audit log, what was seen does not.</summary>
internal sealed class PayloadBook(IDbContextFactory<GatewayDbContext> contexts, PayloadSeal seal, TimeProvider timeProvider)
{
    public async Task<ChangeOutcome<CapturedPayload>> OpenAsync(OpenPayloadRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(request.RequestId, "D", out var requestId))
            return NoRequestId();
        var now = timeProvider.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.CapturedPayloads.AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == request.TenantId && row.RequestId == requestId && row.ExpiresAt > now, cancellationToken);
        if (row is null)
            return Failures.NotFound("payload_not_found", "Nothing was kept of such a request of the tenant, or its time is over.");
        if (seal.Open(row.TenantId, requestId.ToString("D"), row.Content) is not { } payload)
            return Failures.NotFound("payload_unreadable", "It was encrypted under a pepper that is not in use any more.");
        context.AuditRecords.Add(call.Line(AuditOutcomes.Done, row.TenantId, $"payload:{requestId:D}", "", ""));
        await context.SaveChangesAsync(cancellationToken);
        payload.TenantId = row.TenantId;
        payload.RequestId = requestId.ToString("D");
        payload.ProjectId = row.ProjectId;
        payload.EndUser = row.EndUser;
        payload.CapturedAt = row.CapturedAt.ToTimestamp();
        payload.ExpiresAt = row.ExpiresAt.ToTimestamp();
        return payload;
    }

    public async Task<ChangeOutcome<DeletePayloadsResponse>> DeleteAsync(DeletePayloadsRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        Guid requestId = default;
        if (request.RequestId.Length > 0 && !Guid.TryParseExact(request.RequestId, "D", out requestId))
            return NoRequestId();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Tenants.AnyAsync(tenant => tenant.TenantId == request.TenantId, cancellationToken))
            return AccountFailures.NoTenant();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var rows = context.CapturedPayloads.Where(row => row.TenantId == request.TenantId);
        if (request.RequestId.Length > 0)
            rows = rows.Where(row => row.RequestId == requestId);
        if (request.ProjectId.Length > 0)
            rows = rows.Where(row => row.ProjectId == request.ProjectId);
        if (request.EndUser.Length > 0)
            rows = rows.Where(row => row.EndUser == request.EndUser);
        if (request.Before?.ToDateTimeOffset() is { } before)
            rows = rows.Where(row => row.CapturedAt < before);
        var deleted = new DeletePayloadsResponse { Deleted = await rows.ExecuteDeleteAsync(cancellationToken) };
        context.AuditRecords.Add(call.Done(request.TenantId, $"payloads:{request.TenantId}", request, deleted));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return deleted;
    }

    private static Failure NoRequestId() => Failures.Invalid("invalid_request_id", "A request's id is a UUID.", "request_id");
}
