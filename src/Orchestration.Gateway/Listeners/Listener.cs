namespace Orchestration.Gateway.Listeners;

/// <summary>One of the gateway's three doors. As endpoint metadata it says through which one the endpoint can be reached.</summary>
/// <param name="Name">Name of the Kestrel endpoint in configuration.</param>
internal sealed record Listener(string Name)
{
    /// <summary>Clients over HTTP/1.1; the only door that may be public.</summary>
    public static readonly Listener Http = new("http");

    /// <summary>Services and clients over gRPC.</summary>
    public static readonly Listener Grpc = new("grpc");

    /// <summary>Operators; never public.</summary>
    public static readonly Listener Admin = new("admin");

    public static readonly IReadOnlyList<Listener> All = [Http, Grpc, Admin];
}
