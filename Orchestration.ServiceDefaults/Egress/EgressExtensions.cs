using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Egress;

/// <summary>HTTP clients to the outside.</summary>
public static class EgressExtensions
{
    /// <summary>Adds the guard and its options, section "Egress". May be called again.</summary>
    public static IServiceCollection AddEgressGuard(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EgressOptions, EgressOptionsValidator>().BindConfiguration(EgressOptions.SectionName);
        services.TryAddSingleton<HostNames>();
        services.TryAddSingleton<ServerCertificates>();
        services.TryAddSingleton<EgressGuard>();
        return services;
    }

    /// <summary>Adds a named client whose connections the guard opens, without redirects, cookies, proxies, retries or logs.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="name">Name of the client.</param>
    /// <param name="connect">Which of the guard's ways to connect; public addresses when null.</param>
    /// <param name="configure">Further settings of the handler.</param>
    public static IHttpClientBuilder AddGuardedHttpClient(
        this IServiceCollection services,
        string name,
        Func<EgressGuard, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>>? connect = null,
        Action<SocketsHttpHandler>? configure = null) =>
        services.AddEgressGuard().AddHttpClient(name, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.DefaultRequestVersion = HttpVersion.Version11;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("orchestration/1");
            })
            .ConfigurePrimaryHttpMessageHandler(provider =>
            {
                var guard = provider.GetRequiredService<EgressGuard>();
                var handler = NewHandler(provider, connect?.Invoke(guard) ?? guard.ConnectPublicAsync);
                configure?.Invoke(handler);
                return handler;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // Discovery, retries and logging of the service's other clients have no place on the way to the outside.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .RemoveAllLoggers();

    private static SocketsHttpHandler NewHandler(
        IServiceProvider services, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
    {
#pragma warning disable RS0030 // Its connections are opened by the guard.
        return new SocketsHttpHandler
#pragma warning restore RS0030
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = services.GetRequiredService<IOptions<EgressOptions>>().Value.PooledConnectionLifetime,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            // A request waits for a connection by its own connect timer; this only ends attempts that nobody waits for.
            ConnectTimeout = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 64,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = services.GetRequiredService<ServerCertificates>().Accepts,
            },
            ConnectCallback = connect,
        };
    }
}
