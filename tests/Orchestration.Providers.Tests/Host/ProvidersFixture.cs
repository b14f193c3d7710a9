using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Messages;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Outbox;
using Wire = Orchestration.Contracts.Providers.V1;

[assembly: AssemblyFixture(typeof(Orchestration.Providers.Tests.Host.ProvidersFixture))]

namespace Orchestration.Providers.Tests.Host;

/// <summary>The real service behind real gRPC, with an outbox on disk and without broker and database, beside a scripted provider.</summary>
public sealed class ProvidersFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("providers-tests-").FullName;
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public ScriptedUpstream Upstream { get; } = new();

    public IServiceProvider Services => _app!.Services;

    internal Wire.ProvidersService.ProvidersServiceClient Client { get; private set; } = null!;

    /// <summary>Settings that differ from those of all tests.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Services that differ from those of all tests.</summary>
    public Action<IServiceCollection> Change { get; set; } = _ => { };

    /// <summary>Where the log goes; nowhere when nobody reads it.</summary>
    public ILoggerProvider? Log { get; set; }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:http:Protocols"] = "Http1",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
            ["Identity:SigningKey"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)),
            ["Outbox:Directory"] = Path.Combine(_folder, "outbox"),
            ["ConnectionStrings:messaging"] = "amqp://guest:guest@127.0.0.1:1",
            ["Database:Endpoint"] = "tcp://127.0.0.1:1",
            ["Database:Password"] = "unused",
            ["Shutdown:Grace"] = "00:00:04",
            ["GROQ_API_KEY"] = "gsk-test",
        });
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Logging.ClearProviders();
        if (Log is not null) builder.Logging.AddProvider(Log);
        builder.AddServiceDefaults();
        builder.AddProviders();
        Change(builder.Services);
        _app = builder.Build();
        _app.MapProviders();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        _channel = await ConnectAsync(addresses);
        Client = new Wire.ProvidersService.ProvidersServiceClient(_channel);
    }

    public Grpc.Core.CallOptions Call(string tenant = Plans.Tenant, CancellationToken cancellationToken = default) =>
        Services.GetRequiredService<InternalCalls>().For(tenant, "chat", TimeSpan.FromSeconds(30), cancellationToken);

    /// <summary>The ledger events of one request, in the order in which they became durable.</summary>
    public IReadOnlyList<LedgerEvent> Ledger(Guid requestId) =>
    [
        .. Services.GetRequiredService<Outbox>().ReadPending(1_000_000)
            .Where(e => e.Payload.Contains(requestId.ToString("D"), StringComparison.Ordinal)),
    ];

    /// <summary>How often each request stands in the ledger as started and as completed.</summary>
    public IReadOnlyDictionary<Guid, (int Started, int Completed)> Witnesses()
    {
        var events = Services.GetRequiredService<Outbox>().ReadPending(1_000_000);
        var started = events.Select(LedgerEvents.Unwrap<AttemptStarted>).OfType<AttemptStarted>().CountBy(e => e.RequestId).ToDictionary();
        var completed = events.Select(LedgerEvents.Unwrap<AttemptCompleted>).OfType<AttemptCompleted>().CountBy(e => e.RequestId).ToDictionary();
        return started.ToDictionary(s => s.Key, s => (s.Value, completed.GetValueOrDefault(s.Key)));
    }

    public IReadOnlyList<AttemptStarted> Started(Guid requestId) => Read<AttemptStarted>(requestId);

    public IReadOnlyList<AttemptCompleted> Completed(Guid requestId) => Read<AttemptCompleted>(requestId);

    /// <summary>Waits for as many completed attempts of a request; a caller that left is told of nothing else.</summary>
    public async Task<IReadOnlyList<AttemptCompleted>> CompletedAsync(Guid requestId, int count)
    {
        while (Completed(requestId).Count < count) await Task.Delay(50, TestContext.Current.CancellationToken);
        return Completed(requestId);
    }

    public Task StopAsync() => _app!.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        await Upstream.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private List<T> Read<T>(Guid requestId) where T : class => [.. Ledger(requestId).Select(LedgerEvents.Unwrap<T>).OfType<T>()];

    // Kestrel tells its addresses without their names; the one that speaks HTTP/2 is ours.
    private async Task<GrpcChannel> ConnectAsync(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            var channel = GrpcChannel.ForAddress(address);
            try
            {
                using var call = new Wire.ProvidersService.ProvidersServiceClient(channel).WatchVendors(new Wire.WatchVendorsRequest(), Call());
                if (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)) return channel;
            }
            catch (Grpc.Core.RpcException)
            {
                channel.Dispose();
            }
        }

        throw new InvalidOperationException("No listener speaks gRPC.");
    }
}
