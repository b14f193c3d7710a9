using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Semantics;

namespace Orchestration.Indexing.Versions;

/// <summary>
/// Builds an index beside the live one and puts it in its place: when the collection's latent-semantic space is to be computed anew,
/// when the analyser changed, or when an operator asks. Searches go on in the live index until the switch, and writers fill both.
/// </summary>
internal sealed partial class IndexBuilder(
    NpgsqlDataSource database, IndexVersions versions, ChunkIndexer indexer, ILogger<IndexBuilder> logger)
{
    // Chunks that a space is computed from: a larger collection gives a sample.
    private const int FitChunks = 20_000;
    private const int FitTerms = 30_000;

    // Few chunks have few themes: directions beyond those tell single chunks apart, which words do better.
    private const int FewestDimensions = 192;
    private const int MostDimensions = 320;
    private const double DimensionsPerRoot = 5;

    private const int DocumentsAtOnce = 50;

    /// <param name="tenantId">Whose collection it is.</param>
    /// <param name="collection">Its name.</param>
    /// <param name="embedder">Null keeps the embedder; the collection's own space takes another one's place.</param>
    /// <param name="progress">Called between steps, with nothing locked.</param>
    /// <param name="cancellationToken">Ends the work; what was built is begun anew another time.</param>
    /// <returns>False when there is nothing to build from, or somebody else began an index meanwhile.</returns>
    public async Task<bool> RebuildAsync(
        string tenantId, string collection, string? embedder, Func<Task> progress, CancellationToken cancellationToken)
    {
        var (live, built) = await BeginAsync(tenantId, collection, embedder, cancellationToken);
        if (live is null || built is null)
            return false;

        var trial = await PrepareAsync(live, built, cancellationToken);
        do
        {
            await FillAsync(live, built, progress, cancellationToken);
            await BuildVectorIndexAsync(built, cancellationToken);
        }
        while (await SwitchAsync(live, built, trial, cancellationToken) is false);

        Log.Built(logger, built.Id, collection, built.Embedder, built.Dimensions ?? 0, trial.Agreement);
        return true;
    }

    /// <summary>Looks at the vectors of a live index and gives them the weight that they have earned.</summary>
    public async Task MeasureAsync(IndexVersionRow live, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, live.TenantId, cancellationToken);
        var sample = await IndexedTexts.SampleAsync(session.Connection, live, VectorTrial.SampleSize, cancellationToken);
        var trial = VectorTrial.Run([.. Placed(sample)]);
        await StoreAsync(session.Connection, live, trial, cancellationToken);
        await session.CommitAsync(cancellationToken);
        await BuildVectorIndexAsync(live, cancellationToken);
    }

    private async Task<(IndexVersionRow? Live, IndexVersionRow? Built)> BeginAsync(
        string tenantId, string collection, string? embedder, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, tenantId, cancellationToken);
        var built = await versions.BeginBuildingAsync(session.Connection, tenantId, collection, embedder, cancellationToken);
        var live = await IndexVersions.LiveAsync(session.Connection, tenantId, collection, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return (live, built);
    }

    private async Task<TrialResult> PrepareAsync(IndexVersionRow live, IndexVersionRow built, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, live.TenantId, cancellationToken);
        if (built.Embedder != LatentSpace.Model)
            return VectorTrial.Run([.. Placed(await IndexedTexts.SampleAsync(session.Connection, live, VectorTrial.SampleSize, cancellationToken))]);

        var counted = (await IndexedTexts.SampleAsync(session.Connection, live, FitChunks, cancellationToken))
            .ConvertAll(chunk => indexer.Count(chunk)[0]);
        if (LatentSpaceFit.Compute(counted, Dimensions(counted.Count), FitTerms, cancellationToken) is not { } space)
            return TrialResult.NotYet;

        await LatentTerms.SaveAsync(session.Connection, built, space, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return VectorTrial.Run([.. Placed(space, counted)]);
    }

    private static int Dimensions(int chunks) => Math.Clamp((int)(DimensionsPerRoot * Math.Sqrt(chunks)), FewestDimensions, MostDimensions);

    private static IEnumerable<(TermCounts Terms, ReadOnlyMemory<float> Vector)> Placed(FittedSpace space, List<TermCounts> counted)
    {
        var terms = space.Lookup();
        return from chunk in Spread(counted)
               let vector = LatentSpace.Place(chunk, terms, space.Dimensions)
               where vector is not null
               select (chunk, (ReadOnlyMemory<float>)vector);
    }

    private IEnumerable<(TermCounts Terms, ReadOnlyMemory<float> Vector)> Placed(IEnumerable<DocumentChunks> sample) =>
        from chunk in sample
        let vector = chunk.Chunks[0].Vector
        where vector is not null
        select (indexer.Count(chunk)[0], vector.Value);

    private static IEnumerable<TermCounts> Spread(List<TermCounts> counted)
    {
        var step = Math.Max(1, counted.Count / VectorTrial.SampleSize);
        return counted.Where((_, place) => place % step == 0).Take(VectorTrial.SampleSize);
    }

    private async Task FillAsync(IndexVersionRow live, IndexVersionRow built, Func<Task> progress, CancellationToken cancellationToken)
    {
        for (var after = Guid.Empty; ;)
        {
            await progress();
            await using var session = await TenantSession.OpenAsync(database, built.TenantId, cancellationToken);
            var missing = await IndexedTexts.MissingAsync(session.Connection, live, built, after, DocumentsAtOnce, cancellationToken);
            if (missing.Count == 0)
                return;

            foreach (var document in missing)
                await ChunkIndexer.AddAsync(session.Connection, built, document, indexer.Count(document), cancellationToken);
            await session.CommitAsync(cancellationToken);
            after = missing[^1].DocumentId;
        }
    }

    private async Task BuildVectorIndexAsync(IndexVersionRow version, CancellationToken cancellationToken)
    {
        if (version.Chunks <= VectorRanking.ExactUpTo || version.Dimensions is not { } dimensions || VectorRanking.IsTooLongForAnIndex(dimensions))
            return;

        await using var session = await TenantSession.OpenAsync(database, version.TenantId, cancellationToken);
        await session.Connection.DoAsync("set local statement_timeout = 0", [], cancellationToken);
        await using var build = session.Connection.Statement("select build_vector_index($1, $2)", version.Id, dimensions);
        build.CommandTimeout = 0;
        await build.ExecuteNonQueryAsync(cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    /// <returns>False when documents came that the built index lacks; null when it is no longer being built.</returns>
    private async Task<bool?> SwitchAsync(IndexVersionRow live, IndexVersionRow built, TrialResult trial, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, built.TenantId, cancellationToken);
        if (!await versions.SwitchAsync(session.Connection, built, cancellationToken))
            return null;
        if (await IndexedTexts.IsAnyMissingAsync(session.Connection, live, built, cancellationToken))
            return false;

        await StoreAsync(session.Connection, built, trial, cancellationToken);
        await session.Connection.DoAsync(
            "update collections set embedding_model = $3, dimensions = $4 where tenant_id = $1 and name = $2",
            [built.TenantId, built.Collection, built.Embedder, PinnedLength(built)], cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    // The length of a space's vectors follows from the collection and may change with each computation.
    private static NpgsqlParameter PinnedLength(IndexVersionRow built) => new()
    {
        Value = built.Embedder != LatentSpace.Model && built.Dimensions is { } dimensions ? dimensions : DBNull.Value,
        NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer,
    };

    private static Task StoreAsync(NpgsqlConnection connection, IndexVersionRow version, TrialResult trial, CancellationToken cancellationToken) =>
        connection.DoAsync(
            """
            update index_versions set measured_chunks = chunks, vector_weight = $3, usual_similarity = $4, similarity_threshold = $5
            where tenant_id = $1 and id = $2
            """, [version.TenantId, version.Id, trial.Weight, trial.UsualSimilarity, trial.Threshold], cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Index {Index} of {Collection} is live: {Embedder}, {Dimensions} dimensions, agreement {Agreement:0.000}")]
        public static partial void Built(ILogger logger, int index, string collection, string embedder, int dimensions, double agreement);
    }
}
