using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Providers that plays scripts: a request names its script in its metadata.</summary>
internal sealed class FakeProviders : ProvidersService.ProvidersServiceBase
{
    private readonly ConcurrentDictionary<string, Func<ExecuteCall, Task>> _scripts = new();

    public ConcurrentDictionary<string, Start> Starts { get; } = new();

    public ConcurrentQueue<EmbedRequest> Embeds { get; } = new();

    public ConcurrentQueue<RerankCall> Reranks { get; } = new();

    /// <summary>Registers a script and returns its name.</summary>
    public string Script(Func<ExecuteCall, Task> script)
    {
        var name = Guid.CreateVersion7().ToString("N");
        _scripts[name] = script;
        return name;
    }

    public override async Task Execute(
        IAsyncStreamReader<ExecuteRequest> requestStream,
        IServerStreamWriter<ChatEvent> responseStream,
        ServerCallContext context)
    {
        (await requestStream.MoveNext(context.CancellationToken)).ShouldBeTrue();
        var start = requestStream.Current.Start.ShouldNotBeNull();
        Starts[start.RequestId] = start;
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var listening = ListenAsync(requestStream, gone, stop.Token);
        try
        {
            await PlayAsync(new ExecuteCall(start, responseStream, gone.Task));
        }
        finally
        {
            // A read that outlives its call would take the bytes of the next one on the pooled stream.
            await stop.CancelAsync();
            await listening;
        }
    }

    public override async Task<EmbeddingsResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        Embeds.Enqueue(request);
        if (request.Request.Inputs[0] == "fail")
            throw Overloaded();

        await Task.Yield();
        var deployment = request.Plan.Candidates[0].Deployment;
        var response = new EmbeddingsResponse
        {
            RequestId = request.RequestId,
            Usage = new Usage { InputTokens = 4, Source = UsageSource.Provider },
            Response = new ResponseStarted { Provider = deployment.Provider, Model = deployment.Model, Route = request.Plan.Route, Simulated = true },
            Summary = new Summary { Settlement = Settlement.Exact, Cost = new Money { Amount = "0.000004", Currency = "USD" }, Attempts = { new AttemptSummary() } },
        };
        foreach (var input in request.Request.Inputs)
            response.Embeddings.Add(new Embedding { Values = { input.Length, 0.5f, -1f } });
        return response;
    }

    /// <summary>The longest document is the most relevant.</summary>
    public override async Task<RerankResponse> Rerank(RerankCall request, ServerCallContext context)
    {
        Reranks.Enqueue(request);
        if (request.Request.Query == "fail")
            throw Overloaded();
        await Task.Yield();
        var deployment = request.Plan.Candidates[0].Deployment;
        var ranks = request.Request.Documents.Index().OrderByDescending(d => d.Item.Length)
            .Take(request.Request.HasTopCount ? request.Request.TopCount : int.MaxValue)
            .Select(d => new RankedDocument { Index = d.Index, Relevance = d.Item.Length, Document = request.Request.ReturnDocuments ? d.Item : "" });
        return new RerankResponse
        {
            RequestId = request.RequestId,
            Results = { ranks },
            Usage = new Usage { SearchUnits = 1, Source = UsageSource.Provider },
            Response = new ResponseStarted { Provider = deployment.Provider, Model = deployment.Model, Route = request.Plan.Route, Simulated = true },
            Summary = new Summary { Settlement = Settlement.Exact, Cost = new Money { Amount = "0.002", Currency = "USD" }, Attempts = { new AttemptSummary() } },
        };
    }

    private static RpcException Overloaded()
    {
        var failure = new Failure { FailureClass = FailureClass.ProviderOverloaded, Code = "overloaded", Message = "Busy.", Retryable = true }.ToRpcException();
        failure.Trailers.Add("orchestration-summary-bin", new Summary { Settlement = Settlement.Released, Attempts = { new AttemptSummary() } }.ToByteArray());
        return failure;
    }

    private Task PlayAsync(ExecuteCall call) =>
        call.Start.Request.Metadata.TryGetValue("script", out var name) ? _scripts[name](call) : call.AnswerAsync("Hello", " world");

    private static async Task ListenAsync(IAsyncStreamReader<ExecuteRequest> requests, TaskCompletionSource gone, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                if (requests.Current.MessageCase == ExecuteRequest.MessageOneofCase.ClientGone)
                    gone.TrySetResult();
            }
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // The call is over.
            return;
        }
    }
}
