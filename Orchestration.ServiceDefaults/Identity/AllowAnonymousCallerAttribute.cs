namespace Orchestration.ServiceDefaults.Identity;

/// <summary>
/// Lets a gRPC service or method be called without a service identity: the gateway's public services, which authenticate
/// their clients themselves, and the ingest of telemetry. A valid token still names the caller.
/// </summary>
/// <remarks>Also usable as endpoint metadata: <c>MapGrpcService&lt;T&gt;().WithMetadata(new AllowAnonymousCallerAttribute())</c>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowAnonymousCallerAttribute : Attribute;
