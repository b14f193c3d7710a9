using Grpc.Core;
using Grpc.Net.Client;
using Orchestration.Benchmarks.Providers;
using Orchestration.Benchmarks.Running;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Calls Providers as the gateway does.</summary>
internal sealed class ExecutionClient(ProvidersProcess providers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(providers.Address);
    private readonly InternalCalls _calls = providers.Calls();

    private ProvidersService.ProvidersServiceClient Client => new(_channel);

    /// <param name="start">The request.</param>
    /// <param name="leaveAfter">Pieces of the answer after which the client leaves; null when it stays.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChatReply> ChatAsync(Start start, int? leaveAfter, CancellationToken cancellationToken)
    {
        using var call = Client.Execute(_calls.For(SamplePlan.Tenant, "chat", Patience, cancellationToken));
        await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, cancellationToken);
        if (leaveAfter is null)
            await call.RequestStream.CompleteAsync();
        var events = new List<ChatEvent>();
        var pieces = 0;
        await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            events.Add(item);
            if (item.PartDelta is null || ++pieces != leaveAfter)
                continue;
            await call.RequestStream.WriteAsync(new ExecuteRequest { ClientGone = new ClientGone() }, cancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        return new ChatReply(events);
    }

    public async Task<EmbeddingsResponse> EmbedAsync(EmbedRequest request, CancellationToken cancellationToken) =>
        await Client.EmbedAsync(request, _calls.For(SamplePlan.Tenant, "embeddings", Patience, cancellationToken));

    public async Task<RerankResponse> RerankAsync(RerankCall request, CancellationToken cancellationToken) =>
        await Client.RerankAsync(request, _calls.For(SamplePlan.Tenant, "rerank", Patience, cancellationToken));

    public void Dispose() => _channel.Dispose();
}
