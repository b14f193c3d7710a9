namespace Orchestration.ServiceDefaults.Identity;

/// <summary>Who calls: the content of a verified service identity token.</summary>
/// <param name="Service">Resource name of the calling service.</param>
/// <param name="TenantId">Tenant that the call is made for; empty for work of the system itself.</param>
/// <param name="Purpose">What for: "chat", "embedding", "ingest", "query", "admin", "system".</param>
public sealed record ServiceCaller(string Service, string TenantId, string Purpose);
