using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;
using Wire = Orchestration.Contracts.Providers.V1;

namespace Orchestration.Providers.Tests.Credentials.Hosting;

/// <summary>One replica of the real service on a real database.</summary>
internal sealed class CredentialsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;
    private readonly string _folder;

    private CredentialsHost(WebApplication app, string folder, string signingKey)
    {
        (_app, _folder) = (app, folder);
        // Kestrel binds its configured endpoints in the order of their names.
        _channel = GrpcChannel.ForAddress(app.Urls.First());
        Admin = new Wire.VendorAdminService.VendorAdminServiceClient(_channel);
        Providers = new Wire.ProvidersService.ProvidersServiceClient(_channel);
        var identity = Options.Create(new ServiceIdentityOptions { SigningKey = signingKey });
        Gateway = new InternalCalls(new ServiceTokens(identity, new ServiceInfo("gateway", "0"), TimeProvider.System), TimeProvider.System);
        Routing = new InternalCalls(new ServiceTokens(identity, new ServiceInfo("routing", "0"), TimeProvider.System), TimeProvider.System);
    }

    public Wire.VendorAdminService.VendorAdminServiceClient Admin { get; }

    public Wire.ProvidersService.ProvidersServiceClient Providers { get; }

    public InternalCalls Gateway { get; }

    public InternalCalls Routing { get; }

    public IServiceProvider Services => _app.Services;

    public RecordedLogs Logs => Services.GetRequiredService<RecordedLogs>();

    public CallOptions Call(string tenant = "") => Gateway.For(tenant, "admin", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public async Task<Credential> AddAsync(string provider, string secret, string region = "", int weight = 0) =>
        await Admin.AddCredentialAsync(new AddCredentialRequest { Provider = provider, Region = region, Secret = secret, Weight = weight }, Call());

    public async Task<IReadOnlyList<Credential>> KeysAsync(string provider = "") =>
        (await Admin.ListCredentialsAsync(new ListCredentialsRequest { Provider = provider }, Call())).Credentials;

    /// <summary>Sends a chat to a deployment of a real vendor and tells every event.</summary>
    public async Task<Answer> ChatAsync(params Candidate[] candidates)
    {
        using var call = Providers.Execute(Call(Plans.Tenant));
        var start = Plans.Start(Plans.Plan(candidates), stream: false);
        await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        var events = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        return new Answer(Guid.Parse(start.RequestId), events);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static async Task<CredentialsHost> StartAsync(CredentialsSetting setting)
    {
        var folder = Directory.CreateTempSubdirectory("credentials-tests-").FullName;
        var app = Build(setting, folder);
        app.MapProviders();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new CredentialsHost(app, folder, setting.SigningKey);
    }

    public static WebApplication Build(CredentialsSetting setting, string folder)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(setting.ToConfiguration(folder));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<RecordedLogs>().AddSingleton<ILoggerProvider>(p => p.GetRequiredService<RecordedLogs>());
        builder.AddServiceDefaults();
        builder.AddProviders(setting.Database);
        return builder.Build();
    }
}

/// <summary>What replicas of one test share.</summary>
internal sealed record CredentialsSetting(BackingServices Services, int UpstreamPort)
{
    public string Database { get; init; } = $"providers_{Guid.CreateVersion7():N}";

    public string SigningKey { get; } = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    public string MasterKey { get; init; } = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    public IReadOnlyDictionary<string, string?> More { get; init; } = new Dictionary<string, string?>();

    public Dictionary<string, string?> ToConfiguration(string folder)
    {
        var postgres = new NpgsqlConnectionStringBuilder(Services.AdminConnectionString);
        var configuration = new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "providers",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:http:Protocols"] = "Http1",
            ["Identity:SigningKey"] = SigningKey,
            ["Outbox:Directory"] = Path.Combine(folder, "outbox"),
            ["Outbox:ShutdownFlush"] = "00:00:00.100",
            ["ConnectionStrings:postgres"] = Services.AdminConnectionString,
            ["ConnectionStrings:messaging"] = "amqp://guest:guest@127.0.0.1:1",
            ["Database:Endpoint"] = $"tcp://{postgres.Host}:{postgres.Port}",
            ["Database:Password"] = "a-password-of-the-tests",
            ["Shutdown:Grace"] = "00:00:02",
            ["Credentials:MasterKey"] = MasterKey,
            ["Egress:AllowedHosts:0"] = $"127.0.0.1:{UpstreamPort}",
        };
        foreach (var (name, value) in More) configuration[name] = value;
        return configuration;
    }
}

/// <summary>Everything that was logged, at every level.</summary>
internal sealed class RecordedLogs : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        _lines.Enqueue($"{state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
        // Nothing is held.
    }
}
