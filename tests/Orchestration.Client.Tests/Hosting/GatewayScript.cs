using System.Collections.Concurrent;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Client.Tests.Hosting;

/// <summary>What the gateway of a test answers, and what it was asked.</summary>
internal sealed class GatewayScript
{
    public Func<ChatRequest, ServerCallContext, Task<ChatCompletion>> Complete { get; set; } = (_, _) => throw new RpcException(new Status(StatusCode.Unimplemented, ""));

    public Func<ChatRequest, IServerStreamWriter<ChatEvent>, ServerCallContext, Task> Stream { get; set; } = (_, _, _) => Task.CompletedTask;

    public Func<EmbeddingsRequest, ServerCallContext, Task<EmbeddingsResponse>> Embed { get; set; } = (_, _) => throw new RpcException(new Status(StatusCode.Unimplemented, ""));

    public Func<RerankRequest, ServerCallContext, Task<RerankResponse>> Rerank { get; set; } = (_, _) => throw new RpcException(new Status(StatusCode.Unimplemented, ""));

    public ConcurrentQueue<ChatRequest> ChatRequests { get; } = [];

    public ConcurrentQueue<EmbeddingsRequest> EmbeddingsRequests { get; } = [];

    public ConcurrentQueue<RerankRequest> RerankRequests { get; } = [];

    public ConcurrentQueue<(string? Authorization, DateTime Deadline)> Calls { get; } = [];

    public void Streams(params ChatEvent[] events) => Stream = async (_, writer, context) =>
    {
        foreach (var chatEvent in events)
            await writer.WriteAsync(chatEvent, context.CancellationToken);
    };

    public void Saw(ServerCallContext context) => Calls.Enqueue((context.RequestHeaders.GetValue("authorization"), context.Deadline));
}
