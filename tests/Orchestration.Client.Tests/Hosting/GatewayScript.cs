using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
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

    public ConcurrentQueue<SeenCall> Calls { get; } = [];

    public IEnumerable<string?> IdempotencyKeys => Calls.Select(call => call.Header("idempotency-key"));

    public static RpcException Refusal(StatusCode status, Failure failure) =>
        new(new Status(status, failure.Message), new Metadata { { "orchestration-failure-bin", failure.ToByteArray() } });

    public void Streams(params ChatEvent[] events) => Stream = async (_, writer, context) =>
    {
        foreach (var chatEvent in events)
            await writer.WriteAsync(chatEvent, context.CancellationToken);
    };

    /// <summary>Fails the first calls and answers the others.</summary>
    public void FailsThenCompletes(params RpcException[] failures)
    {
        var left = new ConcurrentQueue<RpcException>(failures);
        Complete = (_, _) => left.TryDequeue(out var failure) ? throw failure : Task.FromResult(Answers.Completion(Answers.Text("At last.")));
    }

    public void Saw(ServerCallContext context) =>
        Calls.Enqueue(new SeenCall(context.Deadline, context.RequestHeaders.Where(entry => !entry.IsBinary).ToLookup(entry => entry.Key, entry => entry.Value)));

    /// <summary>Metadata of one call.</summary>
    public sealed record SeenCall(DateTime Deadline, ILookup<string, string> Headers)
    {
        public string? Authorization => Header("authorization");

        public string? Header(string name) => Headers[name].SingleOrDefault();
    }
}
