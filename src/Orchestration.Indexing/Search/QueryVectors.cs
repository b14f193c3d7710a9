using Grpc.Core;
using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Semantics;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Search;

/// <summary>Makes a query's vector with what made those of the index.</summary>
internal sealed class QueryVectors(NpgsqlDataSource database, TextAnalyzer analyser, GatewayEmbedder embedder)
{
    /// <returns>Null when the index has no vectors, or none for such a text.</returns>
    /// <exception cref="EmbedderChangedException">Another model answered than the one that made the index.</exception>
    /// <exception cref="RpcException">The embedder does not answer.</exception>
    public async Task<ReadOnlyMemory<float>?> OfAsync(IndexVersionRow version, string text, CancellationToken cancellationToken)
    {
        if (version.Dimensions is not { } dimensions)
            return null;

        if (version.Embedder == LatentSpace.Model)
        {
            await using var session = await TenantSession.OpenAsync(database, version.TenantId, cancellationToken);
            return (await LatentTerms.PlaceAsync(session.Connection, version, [analyser.Count(text)], cancellationToken))[0];
        }

        var embedded = await embedder.EmbedAsync(version.TenantId, "query", version.Embedder, version.Embedder, [text], cancellationToken);
        var vector = embedded.Vectors[0].Memory;
        if (vector.Length != dimensions)
            throw new EmbedderChangedException($"{version.Embedder} ({dimensions} dimensions)", $"{vector.Length} dimensions");
        return HasDirection(vector.Span) ? vector : null;
    }

    private static bool HasDirection(ReadOnlySpan<float> vector)
    {
        var square = 0.0;
        foreach (var number in vector)
            square += (double)number * number;
        return square > 0 && double.IsFinite(square);
    }
}
