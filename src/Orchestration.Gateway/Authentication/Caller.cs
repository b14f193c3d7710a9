using Orchestration.Contracts.Identity.V1;

namespace Orchestration.Gateway.Authentication;

/// <summary>On whose account a request runs. Made from the credential only.</summary>
/// <param name="TenantId">Tenant that pays.</param>
/// <param name="ProjectId">Project inside the tenant.</param>
/// <param name="KeyId">Public id of the key; empty for another service of the system.</param>
/// <param name="Currency">Billing currency of the tenant.</param>
/// <param name="Purpose">What the work is for; unspecified leaves it to the endpoint.</param>
internal sealed record Caller(string TenantId, string ProjectId, string KeyId, string Currency, Purpose Purpose)
{
    /// <summary>What the key may do.</summary>
    public KeyAccess Access { get; init; } = KeyAccess.Full;

    /// <summary>The limits of key, project and tenant.</summary>
    public AccountLimits Limits { get; init; } = AccountLimits.None;

    /// <summary>Days that prompts and answers are kept; 0 keeps none.</summary>
    public int CaptureDays { get; init; }
}

/// <summary>Whether a request is let in.</summary>
internal abstract record AuthenticationOutcome
{
    private AuthenticationOutcome()
    {
    }

    public sealed record Accepted(Caller Caller) : AuthenticationOutcome;

    public sealed record Rejected(Contracts.Errors.V1.Failure Failure) : AuthenticationOutcome;
}
