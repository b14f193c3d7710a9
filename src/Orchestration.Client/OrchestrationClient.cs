using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Orchestration.Client.Calls;
using Orchestration.Client.Chat;
using Orchestration.Client.Embeddings;
using Orchestration.Client.Rerank;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Rerank.V1;
using GetRequestRequest = Orchestration.Contracts.Gateway.V1.GetRequestRequest;

namespace Orchestration.Client;

/// <summary>
/// The gateway in its own contract: everything it takes and tells, with key, deadline, idempotency key and retries on every request. Failures are
/// <see cref="OrchestrationException"/>s, and a cancelled token is an <see cref="OperationCanceledException"/>. Safe for use by many threads.
/// </summary>
public sealed class OrchestrationClient
{
    private readonly IOptionsMonitor<OrchestrationClientOptions> _options;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly ChatService.ChatServiceClient _chat;
    private readonly EmbeddingsService.EmbeddingsServiceClient _embeddings;
    private readonly RerankService.RerankServiceClient _rerank;
    private readonly ModelsService.ModelsServiceClient _models;
    private readonly RequestsService.RequestsServiceClient _requests;

    internal OrchestrationClient(CallInvoker calls, IOptionsMonitor<OrchestrationClientOptions> options, string name, TimeProvider time)
    {
        (_options, _name, _time) = (options, name, time);
        _chat = new ChatService.ChatServiceClient(calls);
        _embeddings = new EmbeddingsService.EmbeddingsServiceClient(calls);
        _rerank = new RerankService.RerankServiceClient(calls);
        _models = new ModelsService.ModelsServiceClient(calls);
        _requests = new RequestsService.RequestsServiceClient(calls);
    }

    internal OrchestrationClientOptions Options => _options.Get(_name);

    /// <summary>Answers a conversation as a whole.</summary>
    /// <param name="request">The conversation. An empty <c>model</c> means <see cref="OrchestrationClientOptions.Model"/>. It is not changed.</param>
    /// <param name="call">What the request says of itself.</param>
    /// <param name="cancellationToken">Stops the request, at the gateway too.</param>
    /// <returns>The answer with usage, attempts and cost.</returns>
    /// <exception cref="OrchestrationException">The request was refused or failed.</exception>
    public Task<ChatCompletion> CompleteAsync(ChatRequest request, OrchestrationCall? call = null, CancellationToken cancellationToken = default)
    {
        var sent = Complete(request, call);
        return Begin(call, cancellationToken).RunAsync(options => _chat.CompleteAsync(sent, options));
    }

    /// <summary>Answers a conversation event by event. It is sent again only while no event has been given out.</summary>
    /// <param name="request">The conversation. An empty <c>model</c> means <see cref="OrchestrationClientOptions.Model"/>. It is not changed.</param>
    /// <param name="call">What the request says of itself.</param>
    /// <param name="cancellationToken">Stops the request, at the gateway too; so does leaving the loop.</param>
    /// <returns>
    /// The events as the gateway tells them. A failure after the first is an event with <c>error</c>, followed by <c>summary</c>: such an answer is not complete.
    /// </returns>
    /// <exception cref="OrchestrationException">The request was refused or failed before its first event, or the connection broke.</exception>
    public async IAsyncEnumerable<ChatEvent> StreamAsync(
        ChatRequest request, OrchestrationCall? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stream = await OpenAsync(request, call, cancellationToken);
        while (await stream.NextAsync() is { } chatEvent)
            yield return chatEvent;
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="request">The texts. An empty <c>model</c> means <see cref="OrchestrationClientOptions.EmbeddingModel"/>. It is not changed.</param>
    /// <param name="call">What the request says of itself.</param>
    /// <param name="cancellationToken">Stops the request, at the gateway too.</param>
    /// <returns>Vectors in the order of the texts, with usage and cost.</returns>
    /// <exception cref="OrchestrationException">The request was refused or failed.</exception>
    public Task<EmbeddingsResponse> EmbedAsync(EmbeddingsRequest request, OrchestrationCall? call = null, CancellationToken cancellationToken = default)
    {
        var sent = request.Clone();
        sent.Model = Or(sent.Model, Options.EmbeddingModel);
        sent.EndUser = call?.EndUser ?? sent.EndUser;
        return Begin(call, cancellationToken).RunAsync(options => _embeddings.EmbedAsync(sent, options));
    }

    /// <summary>Ranks documents by their relevance to a query.</summary>
    /// <param name="request">Query and documents. An empty <c>model</c> means <see cref="OrchestrationClientOptions.RerankModel"/>. It is not changed.</param>
    /// <param name="call">What the request says of itself.</param>
    /// <param name="cancellationToken">Stops the request, at the gateway too.</param>
    /// <returns>The best documents, most relevant first, with usage and cost.</returns>
    /// <exception cref="OrchestrationException">The request was refused or failed.</exception>
    public Task<RerankResponse> RerankAsync(RerankRequest request, OrchestrationCall? call = null, CancellationToken cancellationToken = default)
    {
        var sent = request.Clone();
        sent.Model = Or(sent.Model, Options.RerankModel);
        sent.EndUser = call?.EndUser ?? sent.EndUser;
        return Begin(call, cancellationToken).RunAsync(options => _rerank.RerankAsync(sent, options));
    }

    /// <summary>Lists what the key may ask for.</summary>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>Models and routes by id.</returns>
    /// <exception cref="OrchestrationException">The request was refused or failed.</exception>
    public async Task<IReadOnlyList<Model>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        (await BeginRead(cancellationToken).RunAsync(options => _models.ListModelsAsync(new ListModelsRequest(), options))).Models;

    /// <summary>Returns the receipt of one of the tenant's own requests: attempts, tokens, cost.</summary>
    /// <param name="requestId">Id of the request.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>The receipt as it stands now; a request that ended a moment ago may still be without its end.</returns>
    /// <exception cref="OrchestrationRequestException">There is none under this id, or not yet.</exception>
    /// <exception cref="OrchestrationException">The request was refused or failed.</exception>
    public Task<RequestRecord> GetReceiptAsync(string requestId, CancellationToken cancellationToken = default) =>
        BeginRead(cancellationToken).RunAsync(options => _requests.GetRequestAsync(new GetRequestRequest { RequestId = requestId }, options));

    /// <summary>Chat for Microsoft.Extensions.AI over this client.</summary>
    /// <param name="model">Model, alias or route to use when the options of a request name none; null means <see cref="OrchestrationClientOptions.Model"/>.</param>
    /// <returns>A client that may be wrapped, for example by function invocation, and needs no disposal.</returns>
    public IChatClient AsChatClient(string? model = null) => new OrchestrationChatClient(this, model);

    /// <summary>Embeddings for Microsoft.Extensions.AI over this client.</summary>
    /// <param name="model">Model or alias to use when the options of a request name none; null means <see cref="OrchestrationClientOptions.EmbeddingModel"/>.</param>
    /// <returns>A generator that needs no disposal.</returns>
    public IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(string? model = null) => new OrchestrationEmbeddingGenerator(this, model);

    /// <summary>Ranking of plain texts over this client.</summary>
    /// <returns>The reranker.</returns>
    public OrchestrationReranker AsReranker() => new(this);

    internal Task<ChatStream> OpenAsync(ChatRequest request, OrchestrationCall? call, CancellationToken cancellationToken)
    {
        var sent = Complete(request, call);
        sent.Stream = true;
        return ChatStream.OpenAsync(options => _chat.Stream(sent, options), Begin(call, cancellationToken));
    }

    private ChatRequest Complete(ChatRequest request, OrchestrationCall? call)
    {
        var sent = request.Clone();
        sent.Model = Or(sent.Model, Options.Model);
        sent.EndUser = call?.EndUser ?? sent.EndUser;
        return sent;
    }

    private CallTries Begin(OrchestrationCall? call, CancellationToken cancellationToken) =>
        new(Options, _time, CallHeaders.Write(Options.ApiKey, call, _time), call?.Timeout, cancellationToken);

    // Nothing is done twice by reading twice.
    private CallTries BeginRead(CancellationToken cancellationToken) =>
        new(Options, _time, CallHeaders.Write(Options.ApiKey), timeout: null, cancellationToken);

    private static string Or(string wanted, string otherwise) => wanted.Length > 0 ? wanted : otherwise;
}
