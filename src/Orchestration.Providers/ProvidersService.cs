using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Chat;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Embeddings;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Rerank;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using Wire = Orchestration.Contracts.Providers.V1;

namespace Orchestration.Providers;

/// <summary>Translates gRPC calls; the calls of Execute are in their own file.</summary>
internal sealed partial class ProvidersService(
    ChatExecutionParts chat,
    PlainExecution plain,
    KeyPools keys,
    KeyChanges keyChanges,
    IHostApplicationLifetime lifetime,
    IOptions<ExecutionOptions> options,
    TimeProvider time) : Wire.ProvidersService.ProvidersServiceBase
{
    public override async Task<EmbeddingsResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        if (request.Request is not { Inputs.Count: > 0 }) throw new FailureException(ExecutionFailures.Invalid("request holds no inputs."));
        var order = Order(request.RequestId, request.Attribution, request.Plan, request.Ceiling, request.StartedAt, request.EstimatedInputTokens, context);
        return await AnswerAsync(order, new EmbeddingWork(request.Request, order, options.Value.MaxBodyBytes), context);
    }

    public override async Task<RerankResponse> Rerank(RerankCall request, ServerCallContext context)
    {
        if (request.Request is not { Documents.Count: > 0, Query.Length: > 0 }) throw new FailureException(ExecutionFailures.Invalid("request holds no query or no documents."));
        var order = Order(request.RequestId, request.Attribution, request.Plan, request.Ceiling, request.StartedAt, request.EstimatedInputTokens, context);
        return await AnswerAsync(order, new RerankWork(request.Request, order, options.Value.MaxBodyBytes), context);
    }

    public override async Task WatchVendors(WatchVendorsRequest request, IServerStreamWriter<VendorsUpdate> responseStream, ServerCallContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        IReadOnlyList<VendorStatus> told = [];
        while (!ends.IsCancellationRequested)
        {
            var changed = keyChanges.Signal.Next;
            var statuses = keys.Statuses();
            var news = statuses.Except(told).ToList();
            if (news.Count > 0) await responseStream.WriteAsync(new VendorsUpdate { Vendors = { news } }, ends.Token);
            told = statuses;
            await changed.WaitAsync(ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TAnswer> AnswerAsync<TAnswer>(ExecutionOrder order, PlainRequest<TAnswer> work, ServerCallContext context) where TAnswer : class
    {
        switch (await plain.RunAsync(order, work, Activity.Current?.Context ?? default, context.CancellationToken))
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

    private ExecutionOrder Order(
        string requestId,
        Attribution? attribution,
        Plan? plan,
        Contracts.Pricing.V1.Money? ceiling,
        Timestamp? startedAt,
        long estimatedInputTokens,
        ServerCallContext context)
    {
        if (attribution is not null && context.GetServiceCaller().TenantId != attribution.TenantId)
            throw new FailureException(new Failure
            {
                FailureClass = FailureClass.PermissionDenied,
                Code = "wrong_tenant",
                Message = "The call was made for another tenant.",
            });
        try
        {
            var started = startedAt?.ToDateTimeOffset() ?? time.GetUtcNow();
            return ExecutionOrder.Read(requestId, attribution, plan, ceiling, started, estimatedInputTokens, options.Value);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new FailureException(ExecutionFailures.Invalid(exception.Message));
        }
    }
}
