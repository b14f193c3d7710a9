namespace Orchestration.Gateway.Admin;

/// <summary>What the policy says of one admin method.</summary>
/// <param name="Roles">Who may call it.</param>
/// <param name="Effect">What it does, and by that who writes it into the audit log.</param>
internal sealed record AdminRule(AdminRoles Roles, AdminEffect Effect)
{
    public bool Allows(string role) => (Roles & Of(role)) != AdminRoles.None;

    private static AdminRoles Of(string role) => role switch
    {
        OperatorRoles.Owner => AdminRoles.Owner,
        OperatorRoles.Operator => AdminRoles.Operator,
        OperatorRoles.TeamAdmin => AdminRoles.TeamAdmin,
        OperatorRoles.Finance => AdminRoles.Finance,
        OperatorRoles.Viewer => AdminRoles.Viewer,
        _ => AdminRoles.None,
    };
}

/// <summary>What an admin method does.</summary>
internal enum AdminEffect
{
    /// <summary>Changes nothing.</summary>
    Reads,

    /// <summary>Changes what is the gateway's own; the audit line is written in the same transaction.</summary>
    Changes,

    /// <summary>Changes what is another service's; one audit line stands before the call goes there, one after its answer.</summary>
    Forwards,
}
