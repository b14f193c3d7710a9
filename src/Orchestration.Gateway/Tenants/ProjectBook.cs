using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Data;
using Project = Orchestration.Contracts.Accounts.V1.Project;

namespace Orchestration.Gateway.Tenants;

/// <summary>Projects of tenants. Every change stands in the audit log in the same transaction.</summary>
internal sealed class ProjectBook(IDbContextFactory<GatewayDbContext> contexts, TimeProvider timeProvider)
{
    public async Task<ChangeOutcome<Project>> CreateAsync(CreateProjectRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if ((AccountChecks.Id(request.ProjectId, "project_id") ?? AccountChecks.Name(request.Name) ?? AccountChecks.CostCentre(request.CostCentre)
            ?? LimitMapping.Check(request.Limits, "limits") ?? LimitMapping.Check(request.EndUserLimits, "end_user_limits")) is { } refused)
            return refused;
        var project = new Data.Project
        {
            TenantId = request.TenantId,
            ProjectId = request.ProjectId,
            Name = request.Name,
            CostCentre = request.CostCentre,
            Limits = LimitMapping.ToRules(request.Limits),
            EndUserLimits = LimitMapping.ToRules(request.EndUserLimits),
            CreatedAt = timeProvider.GetStoredNow(),
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var state = project.ToContract();
        context.Projects.Add(project);
        context.AuditRecords.Add(call.Done(project.TenantId, TargetOf(project.ProjectId), null, state));
        return await context.SaveAccountsAsync(cancellationToken) ?? (ChangeOutcome<Project>)state;
    }

    public async Task<ChangeOutcome<ListProjectsResponse>> ListAsync(ListProjectsRequest request, CancellationToken cancellationToken)
    {
        var (page, refused) = Page.Read($"projects/{request.TenantId}", request.PageSize, request.PageToken);
        if (page is null)
            return refused!;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Tenants.AnyAsync(tenant => tenant.TenantId == request.TenantId, cancellationToken))
            return AccountFailures.NoTenant();
        var rows = await context.Projects.AsNoTracking()
            .Where(project => project.TenantId == request.TenantId && project.ProjectId.CompareTo(page.After) > 0)
            .OrderBy(project => project.ProjectId)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var next = page.Cut(rows, project => project.ProjectId);
        return new ListProjectsResponse { Projects = { rows.Select(AccountMapping.ToContract) }, NextPageToken = next };
    }

    public async Task<ChangeOutcome<Project>> GetAsync(string tenantId, string projectId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(context, tenantId, projectId, cancellationToken) is { } found ? found.ToContract() : AccountFailures.NoProject();
    }

    public Task<ChangeOutcome<Project>> UpdateAsync(UpdateProjectRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if (((request.HasName ? AccountChecks.Name(request.Name) : null) ?? (request.HasCostCentre ? AccountChecks.CostCentre(request.CostCentre) : null)
            ?? LimitMapping.Check(request.Limits?.Limits, "limits") ?? LimitMapping.Check(request.EndUserLimits?.Limits, "end_user_limits")) is { } refused)
            return Task.FromResult<ChangeOutcome<Project>>(refused);
        return ChangeAsync(request.TenantId, request.ProjectId, request.Version, call, Change, cancellationToken);

        void Change(Data.Project project)
        {
            if (request.HasName)
                project.Name = request.Name;
            if (request.HasCostCentre)
                project.CostCentre = request.CostCentre;
            if (request.Limits is { } limits)
                project.Limits = LimitMapping.ToRules(limits.Limits);
            if (request.EndUserLimits is { } endUserLimits)
                project.EndUserLimits = LimitMapping.ToRules(endUserLimits.Limits);
        }
    }

    public Task<ChangeOutcome<Project>> SetStatusAsync(string tenantId, string projectId, string status, AdminCall call, CancellationToken cancellationToken) =>
        ChangeAsync(tenantId, projectId, 0, call, project => project.Status = status, cancellationToken);

    private async Task<ChangeOutcome<Project>> ChangeAsync(
        string tenantId, string projectId, int version, AdminCall call, Action<Data.Project> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, tenantId, projectId, cancellationToken) is not { } project)
            return AccountFailures.NoProject();
        if (version != 0 && version != project.Version)
            return AccountFailures.ChangedMeanwhile();
        var before = project.ToContract();
        change(project);
        if (!context.ChangeTracker.HasChanges())
            return before;
        project.Version++;
        var after = project.ToContract();
        context.AuditRecords.Add(call.Done(tenantId, TargetOf(projectId), before, after));
        return await context.SaveAccountsAsync(cancellationToken) ?? (ChangeOutcome<Project>)after;
    }

    private static Task<Data.Project?> FindAsync(GatewayDbContext context, string tenantId, string projectId, CancellationToken cancellationToken) =>
        context.Projects.SingleOrDefaultAsync(project => project.TenantId == tenantId && project.ProjectId == projectId, cancellationToken);

    private static string TargetOf(string projectId) => $"project:{projectId}";
}
