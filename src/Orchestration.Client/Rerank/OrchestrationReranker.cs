using Microsoft.Extensions.Options;
using Orchestration.Client.Chat;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Client.Rerank;

/// <summary>Ranks texts through the gateway.</summary>
public sealed class OrchestrationReranker(RerankService.RerankServiceClient client, IOptions<OrchestrationClientOptions> options)
{
    /// <summary>Ranks documents by their relevance to a query.</summary>
    /// <param name="query">What the documents are compared with.</param>
    /// <param name="documents">1 to 1,000 texts.</param>
    /// <param name="top">How many of the best to return; null means all.</param>
    /// <param name="model">Model, alias or route; null means the one of the options.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Ranking> RerankAsync(
        string query, IReadOnlyList<string> documents, int? top = null, string? model = null, CancellationToken cancellationToken = default)
    {
        var request = new RerankRequest { Model = model ?? options.Value.RerankModel, Query = query, Documents = { documents } };
        if (top is { } count)
            request.TopCount = count;

        var response = await client.RerankAsync(request, cancellationToken: cancellationToken).OrCanceledAsync(cancellationToken);
        return new Ranking([.. response.Results.Select(r => new RankedText(r.Index, r.Relevance, documents[r.Index]))])
        {
            ModelId = response.Response?.Model,
            Usage = ChatResponses.ToUsage(response.Usage),
            SearchUnits = response.Usage?.SearchUnits ?? 0,
            AdditionalProperties = ChatResponses.Facts(response.Response, response.Summary),
        };
    }
}
