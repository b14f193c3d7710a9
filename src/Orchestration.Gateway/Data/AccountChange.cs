namespace Orchestration.Gateway.Data;

/// <summary>
/// One line of the change log that every gateway follows. Triggers write it in the transaction of the change, one transaction after the other,
/// so numbers have no gaps and become visible in their order.
/// </summary>
internal sealed class AccountChange
{
    public long Number { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="ChangedThings"/>.</summary>
    public required string Thing { get; init; }

    /// <summary>Empty for operators.</summary>
    public required string TenantId { get; init; }

    /// <summary>Id of what changed: of the project, key, end user or operator; empty for a tenant.</summary>
    public required string Subject { get; init; }
}

/// <summary>What the change log knows.</summary>
internal static class ChangedThings
{
    public const string Tenant = "tenant";
    public const string Project = "project";
    public const string Key = "key";
    public const string EndUser = "end_user";
    public const string Operator = "operator";
}
