using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Search;
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

    private IndexingHarness(NpgsqlDataSource source, FakeGateway gateway)
    {
        _source = source;
        Gateway = gateway;
        Contexts = new ContextFactory(new DbContextOptionsBuilder<IndexingDbContext>()
            .UseNpgsql(source, npgsql => npgsql.UseVector()).UseSnakeCaseNamingConvention().Options);
        var identity = Options.Create(new ServiceIdentityOptions { SigningKey = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]) });
        var options = Options.Create(new IngestionOptions { ChunkCharacters = 200, EmbeddingBatch = 2 });
        var embedder = new GatewayEmbedder(gateway.Client, new InternalCalls(new ServiceTokens(identity, new ServiceInfo("indexing", "0"), Clock), TimeProvider.System));
        Telemetry = new IndexingTelemetry(_metrics.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        News = new IngestionNews(_metrics, Clock, NullLogger<IngestionNews>.Instance);
        Queue = new DocumentQueue(Contexts, News, options, Clock);
        Intake = new DocumentIntake(Contexts, Queue, Clock);
        Indexer = new DocumentIndexer(Contexts, embedder, Queue, options, Telemetry, Clock);
        Worker = new IngestionWorker(Queue, Indexer, options, Telemetry, NullLogger<IngestionWorker>.Instance);
        Search = new PassageSearch(Contexts, embedder);
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public FakeGateway Gateway { get; }

    public IDbContextFactory<IndexingDbContext> Contexts { get; }

    public IndexingTelemetry Telemetry { get; }

    public IngestionNews News { get; }

    public DocumentQueue Queue { get; }

    public DocumentIntake Intake { get; }

    public DocumentIndexer Indexer { get; }

    public IngestionWorker Worker { get; }

    public PassageSearch Search { get; }

    public static async Task<IndexingHarness> StartAsync(BackingServices services, CancellationToken cancellationToken)
    {
        var source = new NpgsqlDataSourceBuilder(await services.CreateDatabaseAsync(cancellationToken));
        source.UseVector();
        await using (var administrator = NpgsqlDataSource.Create(source.ConnectionString))
        await using (var extension = administrator.CreateCommand("create extension vector"))
            await extension.ExecuteNonQueryAsync(cancellationToken);

        var harness = new IndexingHarness(source.Build(), await FakeGateway.StartAsync(cancellationToken));
        await using var db = harness.Contexts.CreateDbContext();
        await db.Database.MigrateAsync(cancellationToken);
        return harness;
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
        (await Search.SearchAsync(new PassageQuery(tenant, "help", query, 10), TestContext.Current.CancellationToken))
            .ShouldBeOfType<SearchResult.Found>().Passages;

    public async ValueTask DisposeAsync()
    {
        Worker.Dispose();
        Queue.Dispose();
        News.Dispose();
        Telemetry.Dispose();
        await Gateway.DisposeAsync();
        await _source.DisposeAsync();
        await _metrics.DisposeAsync();
    }

    private sealed class ContextFactory(DbContextOptions<IndexingDbContext> options) : IDbContextFactory<IndexingDbContext>
    {
        public IndexingDbContext CreateDbContext() => new(options);
    }
}
