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

/// <summary>Providers that plays scripts: a request names its script in its metadata, or as its only text where the protocol has no metadata.</summary>
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
        Script(name, script);
        return name;
    }

    /// <summary>Registers a script for a text that only one test sends.</summary>
    public void Script(string text, Func<ExecuteCall, Task> script) => _scripts[text] = script;

    public override async Task Execute(
        IAsyncStreamReader<ExecuteRequest> requestStream,
        IServerStreamWriter<ChatEvent> responseStream,
        ServerCallContext context)
    {
        (await requestStream.MoveNext(context.CancellationToken)).ShouldBeTrue();
        var start = requestStream.Current.Start.ShouldNotBeNull();
        Starts[start.RequestId] = start;
        await ListenedAsync(requestStream, m => m.ClientGone is not null, async gone =>
        {
            await PlayAsync(new ExecuteCall(start, responseStream, gone));
            return true;
        }, context);
    }

    public override Task<EmbeddingsResponse> ExecuteEmbed(IAsyncStreamReader<ExecuteEmbedRequest> requestStream, ServerCallContext context) =>
        WatchedAsync(requestStream, m => m.ClientGone is not null, (m, gone) => EmbedAsync(m.Start.ShouldNotBeNull(), gone), context);

    /// <summary>The longest document is the most relevant.</summary>
    public override Task<RerankResponse> ExecuteRerank(IAsyncStreamReader<ExecuteRerankRequest> requestStream, ServerCallContext context) =>
        WatchedAsync(requestStream, m => m.ClientGone is not null, (m, gone) => RerankAsync(m.Start.ShouldNotBeNull(), gone), context);

    private async Task<EmbeddingsResponse> EmbedAsync(EmbedRequest request, Task clientGone)
    {
        Embeds.Enqueue(request);
        if (request.Request.Inputs[0] == "fail")
            throw Overloaded();
        if (request.Request.Inputs[0] == "wait")
            throw await LeftAsync(clientGone);

        await Task.Yield();
        var deployment = request.Plan.Candidates[0].Deployment;
        var response = new EmbeddingsResponse
        {
            RequestId = request.RequestId,
            Usage = new Usage { InputTokens = 4, Source = UsageSource.Provider },
            Response = new ResponseStarted { Deployment = deployment.Id, Provider = deployment.Provider, Model = deployment.Model, Route = request.Plan.Route, Simulated = true },
            Summary = new Summary { Settlement = Settlement.Exact, Cost = new Money { Amount = "0.000004", Currency = "USD" }, Attempts = { new AttemptSummary() } },
        };
        foreach (var input in request.Request.Inputs)
            response.Embeddings.Add(new Embedding { Values = { input.Length, 0.5f, -1f } });
        return response;
    }

    private async Task<RerankResponse> RerankAsync(RerankCall request, Task clientGone)
    {
        Reranks.Enqueue(request);
        if (request.Request.Query == "fail")
            throw Overloaded();
        if (request.Request.Query == "wait")
            throw await LeftAsync(clientGone);
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
            Response = new ResponseStarted { Deployment = deployment.Id, Provider = deployment.Provider, Model = deployment.Model, Route = request.Plan.Route, Simulated = true },
            Summary = new Summary { Settlement = Settlement.Exact, Cost = new Money { Amount = "0.002", Currency = "USD" }, Attempts = { new AttemptSummary() } },
        };
    }

    private static RpcException Overloaded() => Failed(
        new Failure { FailureClass = FailureClass.ProviderOverloaded, Code = "overloaded", Message = "Busy.", Retryable = true },
        new Summary { Settlement = Settlement.Released, Attempts = { new AttemptSummary() } });

    // As Providers ends a request whose first call was paid and whose second is not made any more.
    private static async Task<RpcException> LeftAsync(Task clientGone)
    {
        await clientGone;
        return Failed(
            new Failure { FailureClass = FailureClass.Unavailable, Code = "client_gone", Message = "The client left." },
            new Summary { Settlement = Settlement.Exact, Cost = new Money { Amount = "0.003", Currency = "USD" }, Attempts = { new AttemptSummary() } });
    }

    private static RpcException Failed(Failure failure, Summary summary)
    {
        var exception = failure.ToRpcException();
        exception.Trailers.Add("orchestration-summary-bin", summary.ToByteArray());
        return exception;
    }

    private static async Task<TAnswer> WatchedAsync<TMessage, TAnswer>(
        IAsyncStreamReader<TMessage> requests, Func<TMessage, bool> saysGone, Func<TMessage, Task, Task<TAnswer>> answer, ServerCallContext context)
    {
        (await requests.MoveNext(context.CancellationToken)).ShouldBeTrue();
        var start = requests.Current;
        return await ListenedAsync(requests, saysGone, gone => answer(start, gone), context);
    }

    private static async Task<TAnswer> ListenedAsync<TMessage, TAnswer>(
        IAsyncStreamReader<TMessage> requests, Func<TMessage, bool> saysGone, Func<Task, Task<TAnswer>> answer, ServerCallContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var listening = ListenAsync(requests, saysGone, gone, stop.Token);
        try
        {
            return await answer(gone.Task);
        }
        finally
        {
            // A read that outlives its call would take the bytes of the next one on the pooled stream.
            await stop.CancelAsync();
            await listening;
        }
    }

    private Task PlayAsync(ExecuteCall call)
    {
        if (call.Start.Request.Metadata.TryGetValue("script", out var name))
            return _scripts[name](call);
        var text = call.Start.Request.Messages[^1].Parts.FirstOrDefault()?.Text?.Text_ ?? "";
        return _scripts.TryGetValue(text, out var script) ? script(call) : call.AnswerAsync("Hello", " world");
    }

    private static async Task ListenAsync<TMessage>(
        IAsyncStreamReader<TMessage> requests, Func<TMessage, bool> saysGone, TaskCompletionSource gone, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                if (saysGone(requests.Current))
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
