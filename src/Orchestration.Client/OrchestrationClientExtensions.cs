using Grpc.Net.ClientFactory;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchestration.Client.Calls;
using Orchestration.Client.Rerank;

namespace Orchestration.Client;

/// <summary>Registration of the client.</summary>
public static class OrchestrationClientExtensions
{
    // 2,048 vectors of 3,072 numbers, the most that one request may ask for, take 24 MiB.
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Adds <see cref="OrchestrationClient"/>, <see cref="IChatClient"/>, <see cref="IEmbeddingGenerator{String, Embedding}"/> and
    /// <see cref="OrchestrationReranker"/>, all over one connection. Options are validated when the host starts.
    /// </summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="configure">Sets address, key and whatever else differs from the defaults.</param>
    /// <returns>The builder of the connection, for proxies, certificates, service discovery or interceptors.</returns>
    public static IHttpClientBuilder AddOrchestrationClient(this IServiceCollection services, Action<OrchestrationClientOptions> configure)
    {
        var connection = services.AddConnection(Options.DefaultName, configure);
        services.TryAddSingleton(provider => Create(provider, Options.DefaultName));
        services.TryAddSingleton(provider => provider.GetRequiredService<OrchestrationClient>().AsChatClient());
        services.TryAddSingleton(provider => provider.GetRequiredService<OrchestrationClient>().AsEmbeddingGenerator());
        services.TryAddSingleton(provider => provider.GetRequiredService<OrchestrationClient>().AsReranker());
        return connection;
    }

    /// <summary>
    /// Adds the same under a name, with a connection and options of their own, as keyed services: several keys or gateways in one application.
    /// </summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="name">Key of the services and name of the options, for <c>[FromKeyedServices("…")]</c>.</param>
    /// <param name="configure">Sets address, key and whatever else differs from the defaults.</param>
    /// <returns>The builder of the connection.</returns>
    public static IHttpClientBuilder AddOrchestrationClient(this IServiceCollection services, string name, Action<OrchestrationClientOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var connection = services.AddConnection(name, configure);
        services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, name));
        services.TryAddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<OrchestrationClient>(name).AsChatClient());
        services.TryAddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<OrchestrationClient>(name).AsEmbeddingGenerator());
        services.TryAddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<OrchestrationClient>(name).AsReranker());
        return connection;
    }

    private static IHttpClientBuilder AddConnection(this IServiceCollection services, string name, Action<OrchestrationClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptionsWithValidateOnStart<OrchestrationClientOptions, OrchestrationClientOptionsValidator>(name).Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        var connection = services
            .AddGrpcClient<GatewayConnection>(
                ConnectionName(name),
                (provider, client) => client.Address = provider.GetRequiredService<IOptionsMonitor<OrchestrationClientOptions>>().Get(name).Address)
            .ConfigureChannel(channel => channel.MaxReceiveMessageSize = MaxAnswerBytes)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.EnableMultipleHttp2Connections = true;
                // A peer that vanished without a word is found out within half a minute, not at the deadline.
                handler.KeepAlivePingDelay = TimeSpan.FromSeconds(20);
                handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
                handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            });
        return connection.RedactLoggedHeaders(_ => true);
    }

    private static OrchestrationClient Create(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<GrpcClientFactory>().CreateClient<GatewayConnection>(ConnectionName(name)).Calls,
        provider.GetRequiredService<IOptionsMonitor<OrchestrationClientOptions>>(),
        name,
        provider.GetRequiredService<TimeProvider>());

    private static string ConnectionName(string name) => name.Length == 0 ? "Orchestration" : $"Orchestration.{name}";
}
