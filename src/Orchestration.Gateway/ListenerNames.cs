namespace Orchestration.Gateway;

/// <summary>The gateway's three doors, as Kestrel's configuration names them.</summary>
internal static class ListenerNames
{
    /// <summary>Clients over HTTP/1.1; the only door that may be public.</summary>
    public const string Http = "http";

    /// <summary>Services and clients over gRPC.</summary>
    public const string Grpc = "grpc";

    /// <summary>Operators; never public.</summary>
    public const string Admin = "admin";
}
