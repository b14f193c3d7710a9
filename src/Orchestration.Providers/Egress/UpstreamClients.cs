using System.Diagnostics;
using Orchestration.Contracts.Routing.V1;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.Providers.Egress;

/// <summary>The HTTP clients towards providers. Real and simulated ones never share a connection.</summary>
internal sealed class UpstreamClients(IHttpClientFactory factory)
{
    public const string Real = "upstream";
    public const string Simulated = "upstream-simulated";

    public HttpClient For(Deployment deployment) => factory.CreateClient(deployment.Simulated ? Simulated : Real);

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<DeploymentEgress>();
        services.AddSingleton<UpstreamClients>();
        services.AddGuardedHttpClient(
            Real, guard => guard.ConnectPublicAsync, handler => Tune(handler, DistributedContextPropagator.CreateNoOutputPropagator()));
        services.AddGuardedHttpClient(
            Simulated, guard => guard.ConnectLocalAsync, handler => Tune(handler, DistributedContextPropagator.Current));
    }

    private static void Tune(SocketsHttpHandler handler, DistributedContextPropagator propagator)
    {
        // What follows the end marker of a stream is a few bytes; a longer rest is a stream that was cut on purpose.
        handler.MaxResponseDrainSize = 4 * 1024;
        handler.ResponseDrainTimeout = TimeSpan.FromMilliseconds(500);
        handler.ActivityHeadersPropagator = propagator;
        handler.PlaintextStreamFilter = static (context, _) => ValueTask.FromResult<Stream>(new InterimLimit(context.PlaintextStream));
    }
}
