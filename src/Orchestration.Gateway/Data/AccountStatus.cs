namespace Orchestration.Gateway.Data;

/// <summary>States of a tenant and of a project.</summary>
internal static class AccountStatus
{
    public const string Active = "active";
    public const string Suspended = "suspended";
}
