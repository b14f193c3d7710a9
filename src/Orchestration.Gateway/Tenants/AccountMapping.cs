using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Gateway.Data;
using AccountStatus = Orchestration.Contracts.Accounts.V1.AccountStatus;
using ClientKey = Orchestration.Contracts.Accounts.V1.ClientKey;
using Project = Orchestration.Contracts.Accounts.V1.Project;
using Tenant = Orchestration.Contracts.Accounts.V1.Tenant;

namespace Orchestration.Gateway.Tenants;

/// <summary>Accounts as operators see them: everything but what opens something.</summary>
internal static class AccountMapping
{
    public static Tenant ToContract(this Data.Tenant tenant) => new()
    {
        TenantId = tenant.TenantId,
        Name = tenant.Name,
        Currency = tenant.Currency,
        TimeZone = tenant.TimeZone,
        Status = StatusOf(tenant.Status),
        Limits = { LimitMapping.ToLimits(tenant.Limits) },
        Version = tenant.Version,
        CreatedAt = tenant.CreatedAt.ToTimestamp(),
        CaptureDays = tenant.CaptureDays,
    };

    public static Project ToContract(this Data.Project project) => new()
    {
        TenantId = project.TenantId,
        ProjectId = project.ProjectId,
        Name = project.Name,
        Status = StatusOf(project.Status),
        CostCentre = project.CostCentre,
        Limits = { LimitMapping.ToLimits(project.Limits) },
        EndUserLimits = { LimitMapping.ToLimits(project.EndUserLimits) },
        Version = project.Version,
        CreatedAt = project.CreatedAt.ToTimestamp(),
    };

    public static EndUserLimits ToContract(this EndUserLimit limit) => new()
    {
        TenantId = limit.TenantId,
        EndUser = limit.EndUser,
        Blocked = limit.Blocked,
        Limits = { LimitMapping.ToLimits(limit.Limits) },
        UpdatedAt = limit.UpdatedAt.ToTimestamp(),
    };

    public static ClientKey ToContract(this Data.ClientKey key, DateTimeOffset? lastUsedAt, DateTimeOffset now) => new()
    {
        TenantId = key.TenantId,
        KeyId = key.PublicId,
        ProjectId = key.ProjectId,
        Name = key.Name,
        State = key.Status == KeyStatus.Active ? KeyState.Active : KeyState.Revoked,
        Scopes = { key.Scopes },
        Models = { key.Models },
        Networks = { key.Networks },
        Limits = { LimitMapping.ToLimits(key.Limits) },
        NotBefore = key.NotBefore?.ToTimestamp(),
        ExpiresAt = key.ExpiresAt?.ToTimestamp(),
        PreviousSecretExpiresAt = key.PreviousExpiresAt > now ? key.PreviousExpiresAt?.ToTimestamp() : null,
        Imported = key.Imported,
        Version = key.Version,
        CreatedAt = key.CreatedAt.ToTimestamp(),
        CreatedBy = key.CreatedBy,
        LastUsedAt = lastUsedAt?.ToTimestamp(),
        RevokedAt = key.RevokedAt?.ToTimestamp(),
    };

    private static AccountStatus StatusOf(string status) => status == Data.AccountStatus.Active ? AccountStatus.Active : AccountStatus.Suspended;
}
