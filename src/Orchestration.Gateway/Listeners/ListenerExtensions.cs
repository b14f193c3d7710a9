using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orchestration.Gateway.Listeners;

internal static class ListenerExtensions
{
    /// <summary>Marks every connection with the listener that accepted it and lets routing look at the mark.</summary>
    public static WebApplicationBuilder AddListeners(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            var loader = kestrel.ConfigurationLoader ?? kestrel.Configure(context.Configuration.GetSection("Kestrel"));
            foreach (var listener in Listener.All)
                loader.Endpoint(listener.Name, endpoint => endpoint.ListenOptions.Mark(listener));
            kestrel.AddServerHeader = false;
        });
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ListenerMatcherPolicy>());
        return builder;
    }

    /// <summary>Binds endpoints to one listener; through another one they do not exist.</summary>
    public static TBuilder OnListener<TBuilder>(this TBuilder endpoints, Listener listener) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(listener);

    public static Listener? GetListener(this HttpContext context) => context.Features.Get<Listener>();

    private static void Mark(this ListenOptions options, Listener listener) => options.Use(next => connection =>
    {
        connection.Features.Set(listener);
        return next(connection);
    });
}
