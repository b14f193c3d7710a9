using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Providers.Egress;

/// <summary>The HTTP clients towards providers. Real and simulated ones never share a connection.</summary>
internal sealed class UpstreamClients(IHttpClientFactory factory)
{
    public const string Real = "upstream";
    public const string Simulated = "upstream-simulated";

    public HttpClient For(Deployment deployment) => factory.CreateClient(deployment.Simulated ? Simulated : Real);

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<HostNames>();
        services.AddSingleton<ProviderCertificates>();
        services.AddSingleton<EgressGuard>();
        services.AddSingleton<UpstreamClients>();
        Register(services, Real, DistributedContextPropagator.CreateNoOutputPropagator());
        Register(services, Simulated, DistributedContextPropagator.Current);
    }

    private static void Register(IServiceCollection services, string name, DistributedContextPropagator propagator) =>
        services.AddHttpClient(name, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.DefaultRequestVersion = HttpVersion.Version11;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("orchestration/1");
            })
            .ConfigurePrimaryHttpMessageHandler(provider => NewHandler(provider, name, propagator))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // Discovery, retries and logging of the service's other clients have no place on the way to a provider.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .RemoveAllLoggers();

    private static SocketsHttpHandler NewHandler(IServiceProvider services, string name, DistributedContextPropagator propagator)
    {
        var guard = services.GetRequiredService<EgressGuard>();
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
            // What follows the end marker of a stream is a few bytes; a longer rest is a stream that was cut on purpose.
            MaxResponseDrainSize = 4 * 1024,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(500),
            ActivityHeadersPropagator = propagator,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = services.GetRequiredService<ProviderCertificates>().Accepts,
            },
            PlaintextStreamFilter = static (context, _) => ValueTask.FromResult<Stream>(new InterimLimit(context.PlaintextStream)),
            ConnectCallback = name == Simulated ? guard.ConnectLocalAsync : guard.ConnectPublicAsync,
        };
    }
}
