using Grpc.Core;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Search;

/// <summary>Finds passages by their words and by their vectors.</summary>
internal sealed partial class PassageSearch(NpgsqlDataSource database, TextAnalyzer analyser, QueryVectors vectors, ILogger<PassageSearch> logger)
{
    /// <summary>Chunks that each side brings to the fusion.</summary>
    private const int Candidates = 100;

    public async Task<SearchResult> SearchAsync(PassageQuery query, CancellationToken cancellationToken)
    {
        if (Refusal(query) is { } refusal)
            return refusal;

        if (await FindAsync(query, cancellationToken) is not { } found)
            return new SearchResult.UnknownCollection();
        if (found.Version is not { } version)
            return SearchResult.Found.Nothing;

        var weight = query.Mode switch
        {
            SearchMode.Text => 0,
            SearchMode.Vector => 1,
            _ => query.VectorWeight ?? found.Weight ?? version.VectorWeight,
        };
        try
        {
            var vector = weight > 0 ? await vectors.OfAsync(version, query.Text, cancellationToken) : null;
            return await RankAsync(query, version, vector, vector is null && query.Mode != SearchMode.Vector ? 0 : weight, cancellationToken);
        }
        catch (EmbedderChangedException changed) when (query.Mode == SearchMode.Vector)
        {
            return new SearchResult.EmbedderAway(changed.Message);
        }
        catch (Exception away) when (away is EmbedderChangedException or RpcException && query.Mode != SearchMode.Vector)
        {
            // The words can still be looked for.
            Log.EmbedderAway(logger, version.Embedder, away.GetType().Name);
            return await RankAsync(query, version, null, 0, cancellationToken);
        }
    }

    private static SearchResult.Rejected? Refusal(PassageQuery query) => query switch
    {
        { Text.Length: 0 or > 4096 } => new("A query has 1 to 4,096 characters.", "query"),
        { Limit: < 1 or > 100 } => new("The limit is 1 to 100.", "limit"),
        { VectorWeight: { } weight } when !(weight is >= 0 and <= 1) => new("The vector side's weight is 0 to 1.", "vector_weight"),
        { Filter.DocumentIds.Count: > 1000 } => new("A filter names at most 1,000 documents.", "filter"),
        { Filter.DocumentIdPrefix.Length: > 256 } => new("A filter's prefix has at most 256 characters.", "filter"),
        // Postgres has no NUL in text: asking for it is an error there.
        _ when query.Filter.DocumentIdPrefix.Contains('\0') || query.Filter.DocumentIds.Any(id => id.Contains('\0')) =>
            new("The filter holds a NUL character.", "filter"),
        _ => null,
    };

    private async Task<Target?> FindAsync(PassageQuery query, CancellationToken cancellationToken)
    {
        if (query.Collection.Contains('\0'))
            return null;

        await using var session = await TenantSession.OpenAsync(database, query.TenantId, cancellationToken);
        var version = await IndexVersions.LiveAsync(session.Connection, query.TenantId, query.Collection, cancellationToken);
        await using var command = session.Connection.Statement(
            "select vector_weight from collections where tenant_id = $1 and name = $2", query.TenantId, query.Collection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        return new Target(version, await row.IsDBNullAsync(0, cancellationToken) ? null : row.GetDouble(0));
    }

    private async Task<SearchResult> RankAsync(
        PassageQuery query, IndexVersionRow version, ReadOnlyMemory<float>? vector, double weight, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, query.TenantId, cancellationToken);
        var connection = session.Connection;
        var allowed = await AllowedChunks.FindAsync(connection, version, query.Filter, cancellationToken);
        var text = weight < 1
            ? await TextRanking.ComputeAsync(connection, version, analyser.Count(query.Text), allowed, cancellationToken)
            : TextRanking.None;
        var near = vector is { } place
            ? await VectorRanking.NearestAsync(connection, version, place, Math.Max(Candidates, query.Limit), allowed, cancellationToken)
            : [];
        var wordy = text.Best(Math.Max(Candidates, query.Limit));
        if (vector is { } again && wordy.Except(near.Keys).ToArray() is { Length: > 0 } unseen)
        {
            foreach (var (chunk, similarity) in await VectorRanking.OfAsync(connection, version, again, unseen, cancellationToken))
                near[chunk] = similarity;
        }

        // Asked for vectors alone, one gets the nearest, whatever they are worth.
        var fusion = weight < 1 ? new ScoreFusion(weight, version.UsualSimilarity, version.SimilarityThreshold) : new ScoreFusion(1, 0, -1);
        var ranked = fusion.Rank(text.Scores, near, wordy.Union(near.Keys)).Take(query.Limit).ToList();
        var passages = await PassageReader.ReadAsync(connection, version, ranked, query.Explain ? text : null, cancellationToken);
        return new SearchResult.Found(
            query.MergeNeighbours ? NeighbourMerging.Merge(passages) : passages,
            weight switch { 0 => SearchMode.Text, 1 => SearchMode.Vector, _ => SearchMode.Hybrid },
            weight, version.SimilarityThreshold, version.Id);
    }

    /// <param name="Version">The live index; null before the first document.</param>
    /// <param name="Weight">The vector side's weight as configured for the collection.</param>
    private sealed record Target(IndexVersionRow? Version, double? Weight);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Embedder} does not embed a query ({Error}); the search is one of text alone.")]
        public static partial void EmbedderAway(ILogger logger, string embedder, string error);
    }
}
