namespace Orchestration.Gateway.Admin;

/// <summary>An operator who was let in.</summary>
/// <param name="Id">Public id of the operator's key; <see cref="BootstrapId"/> for who came by the printed sign-in link.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Role">One of <see cref="OperatorRoles"/>.</param>
/// <param name="TenantId">The one tenant of a team admin; empty for everybody else.</param>
internal sealed record OperatorIdentity(string Id, string Name, string Role, string TenantId)
{
    public const string BootstrapId = "bootstrap";

    public static readonly OperatorIdentity Bootstrap = new(BootstrapId, "Sign-in link", OperatorRoles.Owner, "");
}

/// <summary>What operators may do.</summary>
internal static class OperatorRoles
{
    public const string Owner = "owner";
    public const string Operator = "operator";
    public const string TeamAdmin = "team_admin";
    public const string Finance = "finance";
    public const string Viewer = "viewer";
}
