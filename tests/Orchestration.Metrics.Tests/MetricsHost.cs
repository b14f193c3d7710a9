using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Recording;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;

[assembly: AssemblyFixture(typeof(BackingServices))]

namespace Orchestration.Metrics.Tests;

/// <summary>The service as it runs, in process, on a migrated database of its own.</summary>
internal sealed class MetricsHost : IAsyncDisposable
{
    public const string TelemetryKey = "telemetry-key-of-the-tests";

    private readonly WebApplication _app;

    private MetricsHost(WebApplication app, string name)
    {
        _app = app;
        Name = name;
        Address = new Uri(app.Urls.Single());
        Channel = GrpcChannel.ForAddress(Address);
    }

    /// <summary>Name of the database.</summary>
    public string Name { get; }

    /// <summary>The "grpc" endpoint.</summary>
    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Connections of the service's own login role.</summary>
    public NpgsqlDataSource Database => Services.GetRequiredService<NpgsqlDataSource>();

    public LedgerWriter Writer => Services.GetRequiredService<LedgerWriter>();

    public InternalCalls Calls => Services.GetRequiredService<InternalCalls>();

    /// <summary>Calls as the named service makes them.</summary>
    public InternalCalls CallsAs(string service) => new(
        new ServiceTokens(Services.GetRequiredService<IOptions<ServiceIdentityOptions>>(), new ServiceInfo(service, "0"), TimeProvider.System), TimeProvider.System);

    /// <summary>Starts on a new database, or goes on with one that an earlier host has left.</summary>
    public static async Task<MetricsHost> StartAsync(BackingServices services, BackingService also = 0, string? existing = null, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await services.EnsureAsync(BackingService.Postgres | also, cancellation);
        var messaging = also.HasFlag(BackingService.RabbitMq) ? services.MessagingConnectionString : null;
        var database = existing ?? $"metrics_{Guid.CreateVersion7():N}";
        if (existing is null && await Build(services, database, messaging, settings, time).RunServiceAsync(["migrate"]) != 0)
            throw new InvalidOperationException("The database could not be migrated.");

        var app = Build(services, database, messaging, settings, time);
        await app.StartAsync(cancellation);
        return new MetricsHost(app, database);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(
        BackingServices services, string database, string? messaging, IReadOnlyDictionary<string, string?>? settings, TimeProvider? time)
    {
        var postgres = new NpgsqlConnectionStringBuilder(services.AdminConnectionString);
        var builder = WebApplication.CreateBuilder();
        // The bus keeps the first logger factory in a static: one that ends with its host would break the next.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        // Neither the shipped ports nor what happens to stand in the environment.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "metrics",
            ["ConnectionStrings:postgres"] = services.AdminConnectionString,
            ["ConnectionStrings:messaging"] = messaging ?? "amqp://nobody:nothing@127.0.0.1:9",
            ["Database:Endpoint"] = $"tcp://{postgres.Host}:{postgres.Port}",
            ["Database:Password"] = "a-password-of-the-tests",
            ["Identity:SigningKey"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(number => (byte)number)]),
            ["Telemetry:ApiKey"] = TelemetryKey,
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddServiceDefaults();
        builder.AddMetrics(database);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapMetrics();
        return app;
    }
}

/// <summary>One host for all tests of a class; they keep apart by tenants and ids.</summary>
public sealed class MetricsFixture(BackingServices services) : IAsyncLifetime
{
    internal MetricsHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await MetricsHost.StartAsync(services);

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
    }
}
