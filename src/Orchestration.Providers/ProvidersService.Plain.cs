using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Providers.Embeddings;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Rerank;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers;

internal sealed partial class ProvidersService
{
    public override Task<EmbeddingsResponse> Embed(EmbedRequest request, ServerCallContext context) =>
        EmbedAsync(request, context, context.CancellationToken);

    public override Task<RerankResponse> Rerank(RerankCall request, ServerCallContext context) =>
        RankAsync(request, context, context.CancellationToken);

    public override async Task<EmbeddingsResponse> ExecuteEmbed(IAsyncStreamReader<ExecuteEmbedRequest> requestStream, ServerCallContext context)
    {
        var start = await requestStream.MoveNext(context.CancellationToken) ? requestStream.Current.Start : null;
        if (start is null) throw NoStart();
        return await WatchedAsync(requestStream, m => m.ClientGone is not null, gone => EmbedAsync(start, context, gone), context);
    }

    public override async Task<RerankResponse> ExecuteRerank(IAsyncStreamReader<ExecuteRerankRequest> requestStream, ServerCallContext context)
    {
        var start = await requestStream.MoveNext(context.CancellationToken) ? requestStream.Current.Start : null;
        if (start is null) throw NoStart();
        return await WatchedAsync(requestStream, m => m.ClientGone is not null, gone => RankAsync(start, context, gone), context);
    }

    private async Task<EmbeddingsResponse> EmbedAsync(EmbedRequest request, ServerCallContext context, CancellationToken clientGone)
    {
        if (request.Request is not { Inputs.Count: > 0 }) throw new FailureException(ExecutionFailures.Invalid("request holds no inputs."));
        var order = Order(request.RequestId, request.Attribution, request.Plan, request.Ceiling, request.StartedAt, request.EstimatedInputTokens, context);
        return await AnswerAsync(order, new EmbeddingWork(request.Request, order, options.Value.MaxBodyBytes), context, clientGone);
    }

    private async Task<RerankResponse> RankAsync(RerankCall request, ServerCallContext context, CancellationToken clientGone)
    {
        if (request.Request is not { Documents.Count: > 0, Query.Length: > 0 }) throw new FailureException(ExecutionFailures.Invalid("request holds no query or no documents."));
        var order = Order(request.RequestId, request.Attribution, request.Plan, request.Ceiling, request.StartedAt, request.EstimatedInputTokens, context);
        return await AnswerAsync(order, new RerankWork(request.Request, order, options.Value.MaxBodyBytes), context, clientGone);
    }

    private async Task<TAnswer> AnswerAsync<TAnswer>(
        ExecutionOrder order, PlainRequest<TAnswer> work, ServerCallContext context, CancellationToken clientGone) where TAnswer : class
    {
        using var telling = registry.Telling();
        switch (await plain.RunAsync(order, work, Activity.Current?.Context ?? default, clientGone, context.CancellationToken))
        {
            case PlainOutcome<TAnswer>.Answered answered:
                return answered.Answer;
            case PlainOutcome<TAnswer>.Failed failed:
                context.ResponseTrailers.Add(RpcFailures.SummaryTrailerName, failed.Summary.ToByteArray());
                throw new FailureException(failed.Failure);
            default:
                throw new FailureException(ExecutionFailures.ShuttingDown());
        }
    }

    // A call that breaks is a client that left, too.
    private static async Task<TAnswer> WatchedAsync<TMessage, TAnswer>(
        IAsyncStreamReader<TMessage> messages, Func<TMessage, bool> saysGone, Func<CancellationToken, Task<TAnswer>> answer, ServerCallContext context)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var watching = WatchClientAsync(messages, saysGone, gone.Cancel, watch.Token);
        try
        {
            return await answer(gone.Token);
        }
        finally
        {
            // The server uses the stream again for another call, so no read of this one may be left behind.
            await watch.CancelAsync();
            await watching;
        }
    }

    private static FailureException NoStart() => new(ExecutionFailures.Invalid("The first message must be start, with a request."));
}
