using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Versions;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Retrieval;

/// <summary>The index and the search of Indexing on a database of their own, under a role without rights beyond the service's.</summary>
internal sealed class SearchService : IAsyncDisposable
{
    public const string Tenant = "measuring";
    private const int DocumentsAtOnce = 100;
    private static readonly string Role = $"searcher_{Environment.ProcessId}";

    private readonly BackingServices _stores;
    private readonly TextAnalyzer _analyser = new();
    private readonly DbContextOptions<IndexingDbContext> _context;

    private SearchService(BackingServices stores, NpgsqlDataSource database)
    {
        (_stores, Database) = (stores, database);
        _context = new DbContextOptionsBuilder<IndexingDbContext>()
            .UseNpgsql(database, npgsql => npgsql.UseVector()).UseSnakeCaseNamingConvention().Options;
        var identity = Options.Create(new ServiceIdentityOptions { SigningKey = Convert.ToBase64String(new byte[32]) });
        var calls = new InternalCalls(new ServiceTokens(identity, new ServiceInfo(ResourceNames.Indexing, "0"), TimeProvider.System), TimeProvider.System);
        var versions = new IndexVersions(TimeProvider.System);
        Indexes = new ChunkIndexer(_analyser, versions, TimeProvider.System);
        Builder = new IndexBuilder(database, versions, Indexes, NullLogger<IndexBuilder>.Instance);
        Vectors = new QueryVectors(database, _analyser, new GatewayEmbedder(new RandomEmbeddings(), calls));
        Search = new PassageSearch(database, _analyser, Vectors, NullLogger<PassageSearch>.Instance);
    }

    public NpgsqlDataSource Database { get; }

    public ChunkIndexer Indexes { get; }

    public IndexBuilder Builder { get; }

    public QueryVectors Vectors { get; }

    public PassageSearch Search { get; }

    public static async Task<SearchService> StartAsync(CancellationToken cancellationToken)
    {
        var stores = await BackingServices.StartAsync(BackingService.Postgres, cancellationToken);
        var administrator = await stores.CreateDatabaseAsync(cancellationToken);
        await using (var owner = NpgsqlDataSource.Create(administrator))
        {
            await ExecuteAsync(owner, "create extension vector", cancellationToken);
            await using (var db = new IndexingDbContext(new DbContextOptionsBuilder<IndexingDbContext>()
                .UseNpgsql(owner, npgsql => npgsql.UseVector()).UseSnakeCaseNamingConvention().Options))
            {
                await db.Database.MigrateAsync(cancellationToken);
            }

            await ExecuteAsync(owner, $"""
                create role {Role} login password 'measuring';
                grant select, insert, update, delete on all tables in schema public to {Role};
                alter default privileges grant select, insert, update, delete on tables to {Role};
                """, cancellationToken);
        }

        var source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(administrator)
        {
            Username = Role,
            Password = "measuring",
            CommandTimeout = 600,
            Options = "-c jit=off",
        }.ConnectionString);
        source.UseVector();
        return new SearchService(stores, source.Build());
    }

    /// <summary>Stores and indexes documents of which each is one chunk or several.</summary>
    public async Task AddAsync(
        string collection, string embedder, IEnumerable<(BeirDocument Document, IReadOnlyList<string> Chunks, DateTimeOffset SubmittedAt)> documents,
        CancellationToken cancellationToken, string tenant = Tenant)
    {
        await using (var db = new IndexingDbContext(_context))
        {
            db.Collections.Add(new CollectionRow { TenantId = tenant, Name = collection, EmbeddingModel = embedder, CreatedAt = DateTimeOffset.UnixEpoch });
            await db.SaveChangesAsync(cancellationToken);
        }

        foreach (var batch in documents.Chunk(DocumentsAtOnce))
        {
            await using var db = new IndexingDbContext(_context);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await connection.EnterTenantAsync(tenant, cancellationToken);
            var rows = batch.Select(document => (document.Chunks, Row: Row(tenant, collection, document.Document, document.SubmittedAt))).ToList();
            db.Documents.AddRange(rows.Select(document => document.Row));
            db.Chunks.AddRange(rows.SelectMany(document => document.Chunks.Select((text, ordinal) => Chunk(tenant, document.Row.Id, ordinal, text))));
            await db.SaveChangesAsync(cancellationToken);
            foreach (var (chunks, row) in rows)
            {
                var parts = chunks.Select((text, ordinal) => new DocumentChunk(
                    ordinal, text, "", embedder == RandomEmbeddings.Model ? RandomEmbeddings.Vector(text) : null));
                await Indexes.ReplaceAsync(connection, new DocumentChunks(tenant, collection, row.Id, row.Title, embedder, [.. parts]), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>What the service does behind the scenes once a collection has grown.</summary>
    public async Task LookAfterAsync(string collection, CancellationToken cancellationToken)
    {
        await using (var session = await TenantSession.OpenAsync(Database, Tenant, cancellationToken))
        {
            var live = await IndexVersions.LiveAsync(session.Connection, Tenant, collection, cancellationToken)
                ?? throw new InvalidOperationException($"{collection} has no index.");
            if (live.Embedder == RandomEmbeddings.Model)
            {
                await Builder.MeasureAsync(live, cancellationToken);
                return;
            }
        }

        await Builder.RebuildAsync(Tenant, collection, null, () => Task.CompletedTask, cancellationToken);
        await using var analyse = Database.CreateCommand("analyze");
        await analyse.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<SearchResult.Found> FindAsync(PassageQuery query, CancellationToken cancellationToken) =>
        await Search.SearchAsync(query, cancellationToken) switch
        {
            SearchResult.Found found => found,
            var other => throw new InvalidOperationException($"The search of {query.Collection} came to {other}."),
        };

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _analyser.Dispose();
        await _stores.DisposeAsync();
    }

    private static DocumentRow Row(string tenant, string collection, BeirDocument document, DateTimeOffset submittedAt) => new()
    {
        TenantId = tenant,
        Id = Guid.CreateVersion7(),
        Collection = collection,
        ExternalId = document.Id,
        Title = document.Title,
        Text = document.Text,
        ContentHash = "",
        State = DocumentState.Indexed,
        NextTryAt = submittedAt,
        SubmittedAt = submittedAt,
    };

    private static ChunkRow Chunk(string tenant, Guid document, int ordinal, string text) => new()
    {
        TenantId = tenant,
        DocumentId = document,
        Ordinal = ordinal,
        Text = text,
        StartOffset = 0,
        EndOffset = text.Length,
    };

    private static async Task ExecuteAsync(NpgsqlDataSource database, string statements, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(statements);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
