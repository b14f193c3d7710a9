using Grpc.Core;

namespace Orchestration.ServiceDefaults.Grpc;

/// <summary>Call options for calls between services: identity token, deadline, cancellation.</summary>
public sealed class InternalCalls
{
    /// <summary>Options of a unary or bounded streaming call.</summary>
    public CallOptions For(string tenantId, string purpose, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Options of a stream that lives as long as both sides do.</summary>
    public CallOptions ForSubscription(string purpose, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
