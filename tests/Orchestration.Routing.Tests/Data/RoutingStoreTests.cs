using Grpc.Core;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Tests.Hosting;
using Orchestration.Routing.Tests.Policy;
using Orchestration.Testing;

[assembly: AssemblyFixture(typeof(BackingServices))]

namespace Orchestration.Routing.Tests.Data;

/// <summary>Against a real PostgreSQL. One class, because the database's name is the service's.</summary>
[Collection("routing database")]
public sealed class RoutingStoreTests(BackingServices services) : IAsyncLifetime
{
    private const string Password = "routing-test-password";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("routing-store-");
    private (string Key, string Value)[] _settings = [];

    public async ValueTask InitializeAsync()
    {
        await services.EnsureAsync(BackingService.Postgres, TestContext.Current.CancellationToken);
        await ExecuteAsAdministratorAsync("postgres", "DROP DATABASE IF EXISTS routing WITH (FORCE)");
        var server = new NpgsqlConnectionStringBuilder(services.AdminConnectionString);
        _settings =
        [
            ("ConnectionStrings:postgres", services.AdminConnectionString),
            ("Database:Endpoint", $"tcp://{server.Host}:{server.Port}"),
            ("Database:Password", Password),
            ("Routing:DataDirectory", _folder.FullName),
        ];
        (await RoutingHost.MigrateAsync(_settings)).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsAdministratorAsync("postgres", "DROP DATABASE IF EXISTS routing WITH (FORCE)");
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Migrating_again_adds_nothing()
    {
        var before = await CountsAsync();

        (await RoutingHost.MigrateAsync(_settings)).ShouldBe(0);

        before.ShouldBe((119, PolicySamples.Catalogue.Models.Sum(m => m.Prices.Count), 1));
        (await CountsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_policy_file_comes_into_force_with_the_migration_and_stays_the_same_version()
    {
        var path = Path.Combine(_folder.FullName, "own.yaml");
        await File.WriteAllTextAsync(path, PolicySamples.Yaml, TestContext.Current.CancellationToken);
        (string, string)[] settings = [.. _settings, ("Routing:PolicyFile", path)];

        (await RoutingHost.MigrateAsync(settings)).ShouldBe(0);
        (await RoutingHost.MigrateAsync(settings)).ShouldBe(0);
        (await ActivePolicyAsync()).ShouldBe(PolicySamples.Yaml);

        await File.WriteAllTextAsync(path, "nonsense: 1", TestContext.Current.CancellationToken);
        (await RoutingHost.MigrateAsync(settings)).ShouldNotBe(0);
        (await ActivePolicyAsync()).ShouldBe(PolicySamples.Yaml);
    }

    [Fact]
    public async Task What_is_stored_is_what_was_shipped()
    {
        await using var host = await RoutingHost.StartAsync(_settings);

        var stored = (await host.Services.GetRequiredService<RoutingStore>().LoadAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();

        ModelCatalogue.From(stored.Catalogue).Hash.ShouldBe(PolicySamples.Catalogue.Hash);
        stored.Policy.Installation.ShouldBe(PolicyReader.ReadShippedText());
    }

    [Fact]
    public async Task A_corrected_price_is_a_new_version_and_the_old_row_stays()
    {
        var corrected = ModelCatalogue.From(PolicySamples.Catalogue.ToFiles().Select(file => file.Provider == "deepseek" ? Correct(file) : file));
        await using (var db = AdministratorContext())
        {
            await new ShippedData(db, corrected, PolicyReader.ReadShippedText(), DateTimeOffset.UnixEpoch).SeedAsync(TestContext.Current.CancellationToken);
        }

        await using var check = AdministratorContext();
        var rows = await check.Prices.Where(p => p.Name == "deepseek/deepseek-chat:USD:any@2025-09-29").OrderBy(p => p.Version).ToListAsync(TestContext.Current.CancellationToken);
        rows.Select(r => r.Version).ShouldBe([1, 2]);
        rows[0].Tiers.ShouldContain("0.42");
        rows[1].Tiers.ShouldContain("0.43");
        (await check.Prices.CountAsync(p => p.Version > 1, TestContext.Current.CancellationToken)).ShouldBe(1);

        await using var host = await RoutingHost.StartAsync(_settings);
        var stored = await host.Services.GetRequiredService<RoutingStore>().LoadAsync(TestContext.Current.CancellationToken);
        var catalogue = ModelCatalogue.From(stored!.Catalogue);
        catalogue.PriceFor(catalogue.Find("deepseek/deepseek-chat")!, "intl", new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero))!
            .Price.Record.PriceId.ShouldBe("deepseek/deepseek-chat:USD:any@2025-09-29~1");
    }

    [Theory]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("DROP TABLE prices")]
    [InlineData("ALTER TABLE prices ADD COLUMN mine int")]
    [InlineData("CREATE ROLE mine")]
    public async Task The_service_role_owns_nothing(string statement)
    {
        await using var dataSource = NpgsqlDataSource.Create(AppConnectionString());
        await using var command = dataSource.CreateCommand(statement);

        var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Activating_a_policy_pushes_its_table_and_a_wrong_one_leaves_the_last_good_in_use()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        using var watch = host.Watch();
        var shipped = await NextTableAsync(watch);
        shipped.PolicyVersion.ShouldBe("1");
        (await host.HealthAsync("route-table")).Reason.ShouldContain(shipped.Version);

        await ActivateAsync(PolicySamples.Yaml);
        var activated = await NextTableAsync(watch);
        activated.Routes.ShouldContainKey("plain");
        activated.Version.ShouldNotBe(shipped.Version);

        await ActivateAsync("label: wrong\nroutes: { auto: { chain: [nobody/nothing] } }");
        await Until(async () => (await host.HealthAsync("route-table")).Reason.Contains("refused", StringComparison.Ordinal));
        (await NextTableAsync(host.Watch())).Version.ShouldBe(activated.Version);

        await ActivateAsync(PolicySamples.With("label: sample", "label: mended").Replace("best: auto", "better: auto", StringComparison.Ordinal));
        (await NextTableAsync(watch)).Names.ShouldContainKey("better");
    }

    [Fact]
    public async Task A_state_whose_table_cannot_be_built_degrades_readiness_and_is_tried_again()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        using var watch = host.Watch();
        await NextTableAsync(watch);
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        var simulator = configuration["services:simulator:http:0"];

        configuration["services:simulator:http:0"] = "http://not an address";
        await ActivateAsync(PolicySamples.Yaml);
        await Until(async () => (await host.HealthAsync("route-table")).Reason.Contains("could not be renewed", StringComparison.Ordinal));
        (await host.HealthAsync("route-table")).Status.ShouldBe("Degraded");
        configuration["services:simulator:http:0"] = simulator;

        var mended = await NextTableAsync(watch);
        mended.Routes.ShouldContainKey("plain");
        await Until(async () => (await host.HealthAsync("route-table")).Reason.Contains(mended.Version, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_without_the_database_serves_the_last_good_table_with_the_last_known_vendors()
    {
        await ActivateAsync(PolicySamples.Yaml);
        string version;
        await using (var providers = await ScriptedProviders.StartAsync())
        {
            providers.Say(("deepseek", "", true));
            await using var host = await RoutingHost.StartAsync([.. _settings, ("services:providers:grpc:0", providers.Address), ("Routing:VendorWait", "00:00:30")]);
            version = (await NextTableAsync(host.Watch())).Version;
        }

        await using var alone = await RoutingHost.StartAsync(("Routing:DataDirectory", _folder.FullName));

        var table = await NextTableAsync(alone.Watch());
        table.Version.ShouldBe(version);
        table.Deployments[table.Routes["deepseek/deepseek-flash"].Chain[0]].Simulated.ShouldBeFalse();
        (await alone.HealthAsync("route-table")).Status.ShouldBe("Degraded");
    }

    [Fact]
    public async Task News_about_a_deployment_reach_the_gateways()
    {
        await services.EnsureAsync(BackingService.RabbitMq, TestContext.Current.CancellationToken);
        await using var host = await RoutingHost.StartAsync(("ConnectionStrings:messaging", services.MessagingConnectionString));
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TestContext.Current.CancellationToken);
        using var watch = host.Watch();
        await NextTableAsync(watch);

        await host.Services.GetRequiredService<IBus>().Publish(
            new DeploymentHealthChanged { Deployment = "openai/gpt-4.1@simulated", State = "cooling", Reason = "overloaded", ChangedAt = DateTimeOffset.UnixEpoch },
            TestContext.Current.CancellationToken);

        (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        watch.ResponseStream.Current.Health.Deployments.ShouldHaveSingleItem().State.ShouldBe(HealthState.Cooling);
    }

    private static CatalogueFile Correct(CatalogueFile file) => file with
    {
        Models = [.. file.Models.Select(m => m.Id != "deepseek-chat" ? m : m with
        {
            Prices = [m.Prices[0] with { Tiers = [m.Prices[0].Tiers[0] with { Output = "0.43" }] }, .. m.Prices.Skip(1)],
        })],
    };

    private async Task ActivateAsync(string yaml)
    {
        await using var dataSource = NpgsqlDataSource.Create(AppConnectionString());
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE policies SET active = false WHERE active"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO policies (yaml, hash, source, active, created_at) VALUES ($1, md5($1), 'test', true, now())")
        {
            Parameters = { new NpgsqlParameter { Value = yaml } },
        });
        await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> ActivePolicyAsync()
    {
        await using var db = AdministratorContext();
        return (await db.Policies.SingleAsync(p => p.Active, TestContext.Current.CancellationToken)).Yaml;
    }

    private async Task<(int Models, int Prices, int Policies)> CountsAsync()
    {
        await using var db = AdministratorContext();
        var token = TestContext.Current.CancellationToken;
        return (await db.Models.CountAsync(token), await db.Prices.CountAsync(token), await db.Policies.CountAsync(p => p.Active, token));
    }

    private RoutingDbContext AdministratorContext() => new(new DbContextOptionsBuilder<RoutingDbContext>()
        .UseNpgsql(ConnectionString("routing")).UseSnakeCaseNamingConvention().Options);

    private string AppConnectionString() => new NpgsqlConnectionStringBuilder(ConnectionString("routing")) { Username = "routing_app", Password = Password }.ConnectionString;

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(services.AdminConnectionString) { Database = database, Pooling = false }.ConnectionString;

    private async Task ExecuteAsAdministratorAsync(string database, string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString(database));
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds()) await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private static async Task<RouteTable> NextTableAsync(AsyncServerStreamingCall<RouteTableUpdate> watch)
    {
        (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return watch.ResponseStream.Current.Table.ShouldNotBeNull();
    }
}
