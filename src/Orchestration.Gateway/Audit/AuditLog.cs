using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Audit;

/// <summary>The audit log as operators read it.</summary>
internal sealed class AuditLog(IDbContextFactory<GatewayDbContext> contexts)
{
    public async Task<ChangeOutcome<ListAuditLinesResponse>> ListAsync(ListAuditLinesRequest request, CancellationToken cancellationToken)
    {
        var (page, refused) = Page.Read($"audit/{request.TenantId}/{request.Actor}/{request.Method}", request.PageSize, request.PageToken);
        if (page is null)
            return refused!;
        var before = long.MaxValue;
        if (page.After.Length > 0 && !long.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Failures.Invalid("invalid_page_token", "The page token is not one of this list.", "page_token");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.AuditRecords.AsNoTracking()
            .Where(line => line.Number < before)
            .Where(line => request.TenantId == "" || line.TenantId == request.TenantId)
            .Where(line => request.Actor == "" || line.Actor == request.Actor)
            .Where(line => request.Method == "" || line.Method == request.Method)
            .OrderByDescending(line => line.Number)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var next = page.Cut(rows, line => line.Number.ToString(CultureInfo.InvariantCulture));
        return new ListAuditLinesResponse { Lines = { rows.Select(LineOf) }, NextPageToken = next };
    }

    private static AuditLine LineOf(AuditRecord line) => new()
    {
        Number = line.Number,
        At = line.At.ToTimestamp(),
        Actor = line.Actor,
        ActorName = line.ActorName,
        Role = line.Role,
        Address = line.Address,
        Method = line.Method,
        Outcome = line.Outcome,
        TenantId = line.TenantId,
        Target = line.Target,
        Before = line.Before,
        After = line.After,
        RequestId = line.RequestId,
        PreviousHash = Convert.ToHexStringLower(line.PreviousHash),
        Hash = Convert.ToHexStringLower(line.Hash),
    };
}
