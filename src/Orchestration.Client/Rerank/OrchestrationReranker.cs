using Orchestration.Client.Chat;
using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Client.Rerank;

/// <summary>Ranks texts through the gateway.</summary>
public sealed class OrchestrationReranker
{
    private readonly OrchestrationClient _client;

    internal OrchestrationReranker(OrchestrationClient client) => _client = client;

    /// <summary>Ranks documents by their relevance to a query.</summary>
    /// <param name="query">What the documents are compared with.</param>
    /// <param name="documents">1 to 1,000 texts.</param>
    /// <param name="top">How many of the best to return; null means all.</param>
    /// <param name="model">Model, alias or route; null means <see cref="OrchestrationClientOptions.RerankModel"/>.</param>
    /// <param name="call">What the request says of itself.</param>
    /// <param name="cancellationToken">Stops the request, at the gateway too.</param>
    /// <returns>The texts by falling relevance, with usage and cost.</returns>
    /// <exception cref="OrchestrationException">The request was refused or failed.</exception>
    public async Task<Ranking> RerankAsync(
        string query,
        IReadOnlyList<string> documents,
        int? top = null,
        string? model = null,
        OrchestrationCall? call = null,
        CancellationToken cancellationToken = default)
    {
        var request = new RerankRequest { Model = model ?? "", Query = query, Documents = { documents } };
        if (top is { } count)
            request.TopCount = count;

        var response = await _client.RerankAsync(request, call, cancellationToken);
        return new Ranking([.. response.Results.Select(r => new RankedText(r.Index, r.Relevance, documents[r.Index]))])
        {
            ModelId = response.Response?.Model,
            Usage = ChatResponses.ToUsage(response.Usage),
            SearchUnits = response.Usage?.SearchUnits ?? 0,
            Facts = OrchestrationFacts.Of(response.RequestId, response.Response, response.Summary),
        };
    }
}
