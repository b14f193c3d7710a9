using Grpc.Core;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchestration.Client.Chat;
using Orchestration.Client.Embeddings;
using Orchestration.Client.Rerank;
using Orchestration.Contracts.Gateway.V1;

namespace Orchestration.Client;

/// <summary>Registration of the client.</summary>
public static class OrchestrationClientExtensions
{
    // 2,048 vectors of 3,072 numbers, the most that one request may ask for, take 24 MiB.
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Adds <see cref="IChatClient"/>, <see cref="IEmbeddingGenerator{String, Embedding}"/>, <see cref="OrchestrationReranker"/> and the
    /// typed gRPC clients of the gateway (chat, embeddings, rerank, models, requests), each with key and deadline on every call.
    /// </summary>
    public static IServiceCollection AddOrchestrationClient(this IServiceCollection services, Action<OrchestrationClientOptions> configure)
    {
        services.AddOptionsWithValidateOnStart<OrchestrationClientOptions, OrchestrationClientOptionsValidator>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddGatewayClient<ChatService.ChatServiceClient>();
        services.AddGatewayClient<EmbeddingsService.EmbeddingsServiceClient>();
        services.AddGatewayClient<RerankService.RerankServiceClient>();
        services.AddGatewayClient<ModelsService.ModelsServiceClient>();
        services.AddGatewayClient<RequestsService.RequestsServiceClient>();
        services.TryAddSingleton<IChatClient, OrchestrationChatClient>();
        services.TryAddSingleton<IEmbeddingGenerator<string, Embedding<float>>, OrchestrationEmbeddingGenerator>();
        services.TryAddSingleton<OrchestrationReranker>();
        return services;
    }

    private static void AddGatewayClient<TClient>(this IServiceCollection services) where TClient : ClientBase =>
        services
            .AddGrpcClient<TClient>((provider, client) =>
                client.Address = provider.GetRequiredService<IOptions<OrchestrationClientOptions>>().Value.Address)
            .ConfigureChannel(channel => channel.MaxReceiveMessageSize = MaxAnswerBytes)
            .AddInterceptor(InterceptorScope.Channel, provider => new KeyInterceptor(
                provider.GetRequiredService<IOptions<OrchestrationClientOptions>>().Value,
                provider.GetRequiredService<TimeProvider>()));
}
