using Grpc.Core;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Tenants;
using AccountStatus = Orchestration.Gateway.Data.AccountStatus;

namespace Orchestration.Gateway.Admin;

/// <summary>What operators do with tenants, projects and end users.</summary>
internal sealed class TenantAdmin(TenantBook tenants, ProjectBook projects, EndUserBook endUsers) : TenantAdminService.TenantAdminServiceBase
{
    public override Task<Tenant> CreateTenant(CreateTenantRequest request, ServerCallContext context) =>
        tenants.CreateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<ListTenantsResponse> ListTenants(ListTenantsRequest request, ServerCallContext context) =>
        tenants.ListAsync(request, context.CancellationToken).OrThrowAsync();

    public override Task<Tenant> GetTenant(GetTenantRequest request, ServerCallContext context) =>
        tenants.GetAsync(request.TenantId, context.CancellationToken).OrThrowAsync();

    public override Task<Tenant> UpdateTenant(UpdateTenantRequest request, ServerCallContext context) =>
        tenants.UpdateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<Tenant> SuspendTenant(SuspendTenantRequest request, ServerCallContext context) =>
        tenants.SetStatusAsync(request.TenantId, AccountStatus.Suspended, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<Tenant> ResumeTenant(ResumeTenantRequest request, ServerCallContext context) =>
        tenants.SetStatusAsync(request.TenantId, AccountStatus.Active, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<Project> CreateProject(CreateProjectRequest request, ServerCallContext context) =>
        projects.CreateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<ListProjectsResponse> ListProjects(ListProjectsRequest request, ServerCallContext context) =>
        projects.ListAsync(request, context.CancellationToken).OrThrowAsync();

    public override Task<Project> GetProject(GetProjectRequest request, ServerCallContext context) =>
        projects.GetAsync(request.TenantId, request.ProjectId, context.CancellationToken).OrThrowAsync();

    public override Task<Project> UpdateProject(UpdateProjectRequest request, ServerCallContext context) =>
        projects.UpdateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<Project> SuspendProject(SuspendProjectRequest request, ServerCallContext context) =>
        projects.SetStatusAsync(request.TenantId, request.ProjectId, AccountStatus.Suspended, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<Project> ResumeProject(ResumeProjectRequest request, ServerCallContext context) =>
        projects.SetStatusAsync(request.TenantId, request.ProjectId, AccountStatus.Active, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<EndUserLimits> SetEndUserLimits(SetEndUserLimitsRequest request, ServerCallContext context) =>
        endUsers.SetAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<ListEndUserLimitsResponse> ListEndUserLimits(ListEndUserLimitsRequest request, ServerCallContext context) =>
        endUsers.ListAsync(request, context.CancellationToken).OrThrowAsync();

    public override Task<RemoveEndUserLimitsResponse> RemoveEndUserLimits(RemoveEndUserLimitsRequest request, ServerCallContext context) =>
        endUsers.RemoveAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();
}
