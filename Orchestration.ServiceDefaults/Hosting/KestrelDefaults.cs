using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Orchestration.ServiceDefaults.Hosting;

/// <summary>The web server's limits, and the name of the configured endpoint on every connection.</summary>
internal static class KestrelDefaults
{
    public static void AddKestrelDefaults(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Kestrel");
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ListenerMatcherPolicy>());
        builder.Services.PostConfigure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            // A peer that vanished without FIN holds a stream, and with it a metered upstream read, until a ping fails.
            options.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            options.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
            options.Limits.Http2.MaxStreamsPerConnection = 1_000;
            NameListeners(options, section);
        });
    }

    private static void NameListeners(KestrelServerOptions options, IConfigurationSection section)
    {
        var loader = options.ConfigurationLoader ?? options.Configure(section);
        foreach (var endpoint in section.GetSection("Endpoints").GetChildren())
        {
            // A feature of the connection, not its port: it also holds for port 0 and behind a port mapping.
            var listener = new Listener(endpoint.Key);
            loader.Endpoint(endpoint.Key, configuration => configuration.ListenOptions.Use(next => connection =>
            {
                connection.Features.Set(listener);
                return next(connection);
            }));
        }
    }
}
