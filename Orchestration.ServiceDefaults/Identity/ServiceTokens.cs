namespace Orchestration.ServiceDefaults.Identity;

/// <summary>Issues and verifies the short-lived, HMAC-signed tokens that services show each other.</summary>
public sealed class ServiceTokens
{
    /// <summary>A token for this service acting for a tenant; memoised until shortly before it expires.</summary>
    public string Issue(string tenantId, string purpose) => throw new NotImplementedException();

    /// <summary>The caller behind a token, or null when it is malformed, forged or expired.</summary>
    public ServiceCaller? Verify(string token) => throw new NotImplementedException();
}
