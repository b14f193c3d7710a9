using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Routing.V1;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Client = Orchestration.Contracts.Routing.V1.RoutingService.RoutingServiceClient;

namespace Orchestration.Routing.Tests.Hosting;

/// <summary>The whole service in this process, on free ports.</summary>
internal sealed class RoutingHost : IAsyncDisposable
{
    public const string SigningKey = "cm91dGluZy10ZXN0cy1zaWduaW5nLWtleS0wMTIzNDU2Nzg5";
    private const string Nowhere = "127.0.0.1:1";
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;
    private readonly HttpClient _http = new();

    private RoutingHost(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        _channel = GrpcChannel.ForAddress(addresses[0]);
        _http.BaseAddress = new Uri(addresses[1]);
        Client = new Client(_channel);
    }

    public GrpcChannel Channel => _channel;

    public Client Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<RoutingHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var app = Build(settings);
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new RoutingHost(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the argument <c>migrate</c>.</summary>
    public static Task<int> MigrateAsync(params (string Key, string Value)[] settings) => Build(settings).RunServiceAsync(["migrate"]);

    public CallOptions Options() => Services.GetRequiredService<InternalCalls>().For("tenant", "chat", TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public AsyncServerStreamingCall<RouteTableUpdate> Watch(string knownVersion = "") => Client.WatchRouteTable(
        new WatchRouteTableRequest { Instance = "gateway-0", KnownVersion = knownVersion },
        Services.GetRequiredService<InternalCalls>().ForSubscription("system", TestContext.Current.CancellationToken));

    /// <summary>The overall status and the reason of one check.</summary>
    public async Task<(string Status, string Reason)> HealthAsync(string check)
    {
        using var report = JsonDocument.Parse(await _http.GetStringAsync("/health", TestContext.Current.CancellationToken));
        return (report.RootElement.GetProperty("status").GetString()!, report.RootElement.GetProperty("checks").GetProperty(check).GetProperty("reason").GetString()!);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        _http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static WebApplication Build((string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["OTEL_SERVICE_NAME"] = "routing",
            ["Identity:SigningKey"] = SigningKey,
            ["Database:Endpoint"] = $"tcp://{Nowhere}",
            ["Database:Password"] = "unused",
            ["ConnectionStrings:messaging"] = $"amqp://nobody:nothing@{Nowhere}",
            ["services:providers:grpc:0"] = $"http://{Nowhere}",
            ["services:simulator:http:0"] = "http://127.0.0.1:8095",
            ["Routing:VendorWait"] = "00:00:00",
            ["Routing:PollInterval"] = "00:00:00.050",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.AddRouting();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapRouting();
        return app;
    }
}
