using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Data;
using Tenant = Orchestration.Contracts.Accounts.V1.Tenant;

namespace Orchestration.Gateway.Tenants;

/// <summary>Tenants as operators make and change them. Every change stands in the audit log in the same transaction.</summary>
internal sealed class TenantBook(IDbContextFactory<GatewayDbContext> contexts, TimeProvider timeProvider)
{
    public async Task<ChangeOutcome<Tenant>> CreateAsync(CreateTenantRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        var zone = request.TimeZone.Length == 0 ? "UTC" : request.TimeZone;
        if ((AccountChecks.Id(request.TenantId, "tenant_id") ?? AccountChecks.Name(request.Name) ?? AccountChecks.Currency(request.Currency)
            ?? AccountChecks.TimeZone(zone) ?? AccountChecks.CaptureDays(request.CaptureDays) ?? LimitMapping.Check(request.Limits, "limits")) is { } refused)
            return refused;
        var tenant = new Data.Tenant
        {
            TenantId = request.TenantId,
            Name = request.Name,
            Currency = request.Currency,
            TimeZone = zone,
            Limits = LimitMapping.ToRules(request.Limits),
            CaptureDays = request.CaptureDays,
            CreatedAt = timeProvider.GetStoredNow(),
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var state = tenant.ToContract();
        context.Tenants.Add(tenant);
        context.AuditRecords.Add(call.Done(tenant.TenantId, $"tenant:{tenant.TenantId}", null, state));
        return await context.SaveAccountsAsync(cancellationToken) ?? (ChangeOutcome<Tenant>)state;
    }

    public async Task<ChangeOutcome<ListTenantsResponse>> ListAsync(ListTenantsRequest request, CancellationToken cancellationToken)
    {
        var (page, refused) = Page.Read("tenants", request.PageSize, request.PageToken);
        if (page is null)
            return refused!;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Tenants.AsNoTracking()
            .Where(tenant => tenant.TenantId.CompareTo(page.After) > 0)
            .OrderBy(tenant => tenant.TenantId)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var next = page.Cut(rows, tenant => tenant.TenantId);
        return new ListTenantsResponse { Tenants = { rows.Select(AccountMapping.ToContract) }, NextPageToken = next };
    }

    public async Task<ChangeOutcome<Tenant>> GetAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Tenants.AsNoTracking().SingleOrDefaultAsync(tenant => tenant.TenantId == tenantId, cancellationToken) is { } found
            ? found.ToContract()
            : AccountFailures.NoTenant();
    }

    public Task<ChangeOutcome<Tenant>> UpdateAsync(UpdateTenantRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if (((request.HasName ? AccountChecks.Name(request.Name) : null) ?? (request.HasTimeZone ? AccountChecks.TimeZone(request.TimeZone) : null)
            ?? AccountChecks.CaptureDays(request.CaptureDays) ?? LimitMapping.Check(request.Limits?.Limits, "limits")) is { } refused)
            return Task.FromResult<ChangeOutcome<Tenant>>(refused);
        return ChangeAsync(request.TenantId, request.Version, call, Change, cancellationToken);

        void Change(Data.Tenant tenant)
        {
            if (request.HasName)
                tenant.Name = request.Name;
            if (request.HasTimeZone)
                tenant.TimeZone = request.TimeZone;
            if (request.HasCaptureDays)
                tenant.CaptureDays = request.CaptureDays;
            if (request.Limits is { } limits)
                tenant.Limits = LimitMapping.ToRules(limits.Limits);
        }
    }

    public Task<ChangeOutcome<Tenant>> SetStatusAsync(string tenantId, string status, AdminCall call, CancellationToken cancellationToken) =>
        ChangeAsync(tenantId, 0, call, tenant => tenant.Status = status, cancellationToken);

    private async Task<ChangeOutcome<Tenant>> ChangeAsync(
        string tenantId, int version, AdminCall call, Action<Data.Tenant> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Tenants.SingleOrDefaultAsync(tenant => tenant.TenantId == tenantId, cancellationToken) is not { } tenant)
            return AccountFailures.NoTenant();
        if (version != 0 && version != tenant.Version)
            return AccountFailures.ChangedMeanwhile();
        var before = tenant.ToContract();
        change(tenant);
        if (!context.ChangeTracker.HasChanges())
            return before;
        tenant.Version++;
        var after = tenant.ToContract();
        context.AuditRecords.Add(call.Done(tenantId, $"tenant:{tenantId}", before, after));
        return await context.SaveAccountsAsync(cancellationToken) ?? (ChangeOutcome<Tenant>)after;
    }
}
