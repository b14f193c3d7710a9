namespace Orchestration.Gateway.Authentication;

/// <summary>A tenant as the account of work that other services do for it.</summary>
internal sealed record TenantRecord(Caller Caller, bool Suspended);
