using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Orchestration.ServiceDefaults.Hosting;

/// <summary>Which of the configured Kestrel endpoints a request came in by.</summary>
public static class ListenerExtensions
{
    /// <summary>
    /// Name of the endpoint under <c>Kestrel:Endpoints</c> ("http", "grpc", "admin"); null where there is none, as in an
    /// in-memory test server.
    /// </summary>
    public static string? GetListenerName(this HttpContext context) => context.Features.Get<Listener>()?.Name;

    /// <summary>
    /// Lets an endpoint answer on these listeners only; on any other it does not exist (404). Without named listeners, as in
    /// an in-memory test server, it answers everywhere.
    /// </summary>
    public static TBuilder RequireListener<TBuilder>(this TBuilder builder, params string[] names)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ListenerRequirement(names));
}

internal sealed record Listener(string Name);

/// <summary>Endpoint metadata: the listeners that an endpoint answers on. An endpoint without it answers on every one.</summary>
public sealed class ListenerRequirement
{
    private readonly string[] _names;

    internal ListenerRequirement(string[] names) => _names = names;

    /// <summary>Names of the listeners, as under <c>Kestrel:Endpoints</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>True when the endpoint answers on a listener; null is one without a name.</summary>
    public bool Allows(string? listener) =>
        listener is null || _names.Contains(listener, StringComparer.OrdinalIgnoreCase);
}
