using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Tenants;

/// <summary>Limits of single end users, who are known by hash only.</summary>
internal sealed class EndUserBook(IDbContextFactory<GatewayDbContext> contexts, SecretHasher hasher, TimeProvider timeProvider)
{
    private const int LongestUser = 512;
    private const int HashLength = 32;

    public async Task<ChangeOutcome<EndUserLimits>> SetAsync(SetEndUserLimitsRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if (LimitMapping.Check(request.Limits, "limits") is { } refused)
            return refused;
        if (request.User.Length > LongestUser || request.User.Length > 0 == request.EndUser.Length > 0 || (request.EndUser.Length > 0 && !IsHash(request.EndUser)))
            return Failures.Invalid("invalid_end_user", "An end user is named by 'user', up to 512 characters, or by 'end_user', 32 hex digits; not by both.", "user");
        var endUser = request.EndUser.Length > 0 ? request.EndUser : hasher.Pseudonym(request.TenantId, request.User);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await FindAsync(context, request.TenantId, endUser, cancellationToken);
        var before = row?.ToContract();
        if (row is null)
            context.Add(row = new EndUserLimit { TenantId = request.TenantId, EndUser = endUser, UpdatedAt = timeProvider.GetStoredNow() });
        row.Blocked = request.Blocked;
        row.Limits = LimitMapping.ToRules(request.Limits);
        row.UpdatedAt = timeProvider.GetStoredNow();
        var after = row.ToContract();
        context.AuditRecords.Add(call.Done(request.TenantId, TargetOf(endUser), before, after));
        return await context.SaveAccountsAsync(cancellationToken) ?? (ChangeOutcome<EndUserLimits>)after;
    }

    public async Task<ChangeOutcome<ListEndUserLimitsResponse>> ListAsync(ListEndUserLimitsRequest request, CancellationToken cancellationToken)
    {
        var (page, refused) = Page.Read($"end-users/{request.TenantId}", request.PageSize, request.PageToken);
        if (page is null)
            return refused!;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Tenants.AnyAsync(tenant => tenant.TenantId == request.TenantId, cancellationToken))
            return AccountFailures.NoTenant();
        var rows = await context.EndUserLimits.AsNoTracking()
            .Where(limit => limit.TenantId == request.TenantId && limit.EndUser.CompareTo(page.After) > 0)
            .OrderBy(limit => limit.EndUser)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var next = page.Cut(rows, limit => limit.EndUser);
        return new ListEndUserLimitsResponse { EndUsers = { rows.Select(AccountMapping.ToContract) }, NextPageToken = next };
    }

    public async Task<ChangeOutcome<RemoveEndUserLimitsResponse>> RemoveAsync(
        RemoveEndUserLimitsRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, request.TenantId, request.EndUser, cancellationToken) is not { } row)
            return AccountFailures.NoEndUser();
        context.Remove(row);
        context.AuditRecords.Add(call.Done(request.TenantId, TargetOf(request.EndUser), row.ToContract(), null));
        return await context.SaveAccountsAsync(cancellationToken) ?? (ChangeOutcome<RemoveEndUserLimitsResponse>)new RemoveEndUserLimitsResponse();
    }

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);

    private static string TargetOf(string endUser) => $"end_user:{endUser}";

    private static Task<EndUserLimit?> FindAsync(GatewayDbContext context, string tenantId, string endUser, CancellationToken cancellationToken) =>
        context.EndUserLimits.SingleOrDefaultAsync(limit => limit.TenantId == tenantId && limit.EndUser == endUser, cancellationToken);
}
