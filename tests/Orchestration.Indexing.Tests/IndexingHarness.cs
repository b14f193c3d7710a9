using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Collections;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Extraction;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Versions;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;

namespace Orchestration.Indexing.Tests;

/// <summary>The service's features on a database of their own, with a scripted gateway and a clock that stands still.</summary>
internal sealed class IndexingHarness : IAsyncDisposable
{
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NpgsqlDataSource _source;

    private IndexingHarness(NpgsqlDataSource administrator, NpgsqlDataSource source, FakeGateway gateway, string embeddingModel)
    {
        (Administrator, _source) = (administrator, source);
        Gateway = gateway;
        Contexts = new ContextFactory(Model(source));
        var identity = Options.Create(new ServiceIdentityOptions { SigningKey = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]) });
        var options = Options.Create(new IngestionOptions { EmbeddingModel = embeddingModel, ChunkTokens = 56, EmbeddingBatch = 2 });
        var embedder = new GatewayEmbedder(gateway.Client, new InternalCalls(new ServiceTokens(identity, new ServiceInfo("indexing", "0"), Clock), TimeProvider.System));
        Telemetry = new IndexingTelemetry(_metrics.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        News = new IngestionNews(_metrics, Clock, NullLogger<IngestionNews>.Instance);
        Queue = new DocumentQueue(Contexts, News, options, Clock);
        var extraction = Options.Create(new ExtractionOptions());
        Intake = new DocumentIntake(Contexts, Queue, extraction, Clock);
        Control = new DocumentControl(Contexts, Queue, Clock);
        Listing = new DocumentListing(Contexts);
        Removals = new Removals(source, Clock);
        Books = new CollectionBooks(Contexts, Clock);
        Versions = new IndexVersions(Clock);
        Indexes = new ChunkIndexer(Analyser, Versions, Clock);
        Indexer = new DocumentIndexer(Contexts, embedder, new TextExtraction(new ReaderProcess(extraction, TimeProvider.System), extraction), Queue, Indexes, options, Telemetry, Clock);
        Worker = new IngestionWorker(Queue, Indexer, options, Telemetry, NullLogger<IngestionWorker>.Instance);
        Builder = new IndexBuilder(source, Versions, Indexes, NullLogger<IndexBuilder>.Instance);
        Upkeep = new IndexUpkeep(source, Builder, Clock, NullLogger<IndexUpkeep>.Instance);
        Search = new PassageSearch(source, Analyser, new QueryVectors(source, Analyser, embedder), NullLogger<PassageSearch>.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public FakeGateway Gateway { get; }

    public IDbContextFactory<IndexingDbContext> Contexts { get; }

    public IndexingTelemetry Telemetry { get; }

    public IngestionNews News { get; }

    public DocumentQueue Queue { get; }

    public DocumentIntake Intake { get; }

    public DocumentControl Control { get; }

    public DocumentListing Listing { get; }

    public Removals Removals { get; }

    public CollectionBooks Books { get; }

    public DocumentIndexer Indexer { get; }

    public IngestionWorker Worker { get; }

    public TextAnalyzer Analyser { get; } = new();

    public IndexVersions Versions { get; }

    public ChunkIndexer Indexes { get; }

    public IndexBuilder Builder { get; }

    public IndexUpkeep Upkeep { get; }

    public PassageSearch Search { get; }

    /// <summary>Connections of the service.</summary>
    public NpgsqlDataSource Database => _source;

    /// <summary>Connections that see all rows.</summary>
    public NpgsqlDataSource Administrator { get; }

    public static async Task<IndexingHarness> StartAsync(
        BackingServices services, CancellationToken cancellationToken, string embeddingModel = "embedding")
    {
        var administrator = NpgsqlDataSource.Create(await services.CreateDatabaseAsync(cancellationToken));
        await DoAsync(administrator, "create extension vector", cancellationToken);
        await using (var db = new IndexingDbContext(Model(administrator)))
            await db.Database.MigrateAsync(cancellationToken);

        // As in production, the service's role is neither superuser nor owner.
        var role = $"service_{Guid.NewGuid():N}";
        await DoAsync(administrator, $"""
            create role {role} login password 'service';
            grant select, insert, update, delete on all tables in schema public to {role};
            alter default privileges grant select, insert, update, delete on tables to {role};
            """, cancellationToken);
        var source = new NpgsqlDataSourceBuilder(administrator.ConnectionString) { ConnectionStringBuilder = { Username = role, Password = "service" } };
        source.UseVector();
        return new IndexingHarness(administrator, source.Build(), await FakeGateway.StartAsync(cancellationToken), embeddingModel);
    }

    public Task<IntakeResult> SubmitAsync(string document, string text, string tenant = "acme", string collection = "help", string title = "") =>
        Intake.SubmitAsync(new DocumentSubmission(tenant, collection, document, title, text), null, TestContext.Current.CancellationToken);

    /// <summary>Indexes all that is due, as a worker would.</summary>
    public async Task WorkOffAsync()
    {
        while (await Queue.TakeAsync(TestContext.Current.CancellationToken) is { } document)
            await Worker.IndexAsync(document, TestContext.Current.CancellationToken);
    }

    public async Task<DocumentStatus> StatusAsync(string document, string tenant = "acme") =>
        (await Intake.FindAsync(tenant, "help", document, TestContext.Current.CancellationToken)).ShouldNotBeNull();

    public async Task<IReadOnlyList<Passage>> FindAsync(string query, string tenant = "acme") =>
        (await FindAsync(new PassageQuery(tenant, "help", query, 10))).Passages;

    public async Task<SearchResult.Found> FindAsync(PassageQuery query) =>
        (await Search.SearchAsync(query, TestContext.Current.CancellationToken)).ShouldBeOfType<SearchResult.Found>();

    public async ValueTask DisposeAsync()
    {
        Upkeep.Dispose();
        Analyser.Dispose();
        Worker.Dispose();
        Queue.Dispose();
        News.Dispose();
        Telemetry.Dispose();
        await Gateway.DisposeAsync();
        await _source.DisposeAsync();
        var role = new NpgsqlConnectionStringBuilder(_source.ConnectionString).Username;
        await DoAsync(Administrator, $"drop owned by {role}; drop role {role}", CancellationToken.None);
        await Administrator.DisposeAsync();
        await _metrics.DisposeAsync();
    }

    private static DbContextOptions<IndexingDbContext> Model(NpgsqlDataSource database) =>
        new DbContextOptionsBuilder<IndexingDbContext>().UseNpgsql(database, npgsql => npgsql.UseVector()).UseSnakeCaseNamingConvention().Options;

    private static async Task DoAsync(NpgsqlDataSource database, string statements, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(statements);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class ContextFactory(DbContextOptions<IndexingDbContext> options) : IDbContextFactory<IndexingDbContext>
    {
        public IndexingDbContext CreateDbContext() => new(options);
    }
}
