using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Protocols.Rerank;

/// <summary>How large a rerank request is for whoever bills it.</summary>
public static class RerankMeasure
{
    // Cohere: "one search unit is a query with up to 100 documents; documents over 500 tokens with their query are split".
    private const int DocumentsPerUnit = 100;
    private const int TokensPerChunk = 500;

    /// <summary>Size of all that the model reads: the query again with each document.</summary>
    public static TextSize Size(RerankRequest request) =>
        Pairs(request).Aggregate(new TextSize(0, 0, 0), static (sum, pair) => sum + pair);

    /// <summary>Size of the query with the largest document, which has to fit the context window.</summary>
    public static TextSize Largest(RerankRequest request) => Pairs(request).MaxBy(static pair => pair.Bytes);

    /// <summary>Search units of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tokensOf">Tokens of a text, estimated or at most.</param>
    public static long SearchUnits(RerankRequest request, Func<TextSize, long> tokensOf)
    {
        var chunks = Pairs(request).Sum(pair => Math.Max(1, (tokensOf(pair) + TokensPerChunk - 1) / TokensPerChunk));
        return (chunks + DocumentsPerUnit - 1) / DocumentsPerUnit;
    }

    private static IEnumerable<TextSize> Pairs(RerankRequest request)
    {
        var query = TextMeasure.Measure(request.Query);
        return request.Documents.Select(document => query + TextMeasure.Measure(document) with { Messages = 1 });
    }
}
