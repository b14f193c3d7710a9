using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Tenants;

/// <summary>Operators as they see each other.</summary>
internal static class OperatorMapping
{
    public static Operator ToContract(this OperatorKey key) => new()
    {
        OperatorId = key.PublicId,
        Name = key.Name,
        Role = RoleOf(key.Role),
        TenantId = key.TenantId,
        State = key.Status == KeyStatus.Active ? KeyState.Active : KeyState.Revoked,
        ExpiresAt = key.ExpiresAt?.ToTimestamp(),
        Version = key.Version,
        CreatedAt = key.CreatedAt.ToTimestamp(),
        CreatedBy = key.CreatedBy,
    };

    public static OperatorRole RoleOf(string role) => role switch
    {
        OperatorRoles.Owner => OperatorRole.Owner,
        OperatorRoles.Operator => OperatorRole.Operator,
        OperatorRoles.TeamAdmin => OperatorRole.TeamAdmin,
        OperatorRoles.Finance => OperatorRole.Finance,
        OperatorRoles.Viewer => OperatorRole.Viewer,
        _ => OperatorRole.Unspecified,
    };

    /// <summary>Name of a role; null for none that there is.</summary>
    public static string? NameOf(OperatorRole role) => role switch
    {
        OperatorRole.Owner => OperatorRoles.Owner,
        OperatorRole.Operator => OperatorRoles.Operator,
        OperatorRole.TeamAdmin => OperatorRoles.TeamAdmin,
        OperatorRole.Finance => OperatorRoles.Finance,
        OperatorRole.Viewer => OperatorRoles.Viewer,
        _ => null,
    };
}
