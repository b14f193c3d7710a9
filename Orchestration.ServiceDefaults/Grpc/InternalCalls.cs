using Grpc.Core;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.ServiceDefaults.Grpc;

/// <summary>Call options for calls between services: identity token, deadline, cancellation.</summary>
public sealed class InternalCalls(ServiceTokens tokens, TimeProvider timeProvider)
{
    /// <summary>Name of the metadata entry that carries the identity token.</summary>
    public const string IdentityHeader = "orchestration-identity";

    /// <summary>Options of a unary or bounded streaming call.</summary>
    public CallOptions For(string tenantId, string purpose, TimeSpan timeout, CancellationToken cancellationToken) =>
        new(Headers(tenantId, purpose), timeProvider.GetUtcNow().UtcDateTime + timeout, cancellationToken);

    /// <summary>Options of a stream that lives as long as both sides do.</summary>
    public CallOptions ForSubscription(string purpose, CancellationToken cancellationToken) =>
        new(Headers("", purpose), deadline: null, cancellationToken);

    private Metadata Headers(string tenantId, string purpose) =>
        new() { { IdentityHeader, tokens.Issue(tenantId, purpose) } };
}
