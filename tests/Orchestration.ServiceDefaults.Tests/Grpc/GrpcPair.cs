using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.ServiceDefaults.Tests.Grpc;

/// <summary>A service behind a real listener, and a client that finds it by service discovery.</summary>
internal sealed class GrpcPair : IAsyncDisposable
{
    private readonly IHost _client;

    private GrpcPair(WebApplication server, IHost client)
    {
        Server = server;
        _client = client;
    }

    public WebApplication Server { get; private set; }

    public RecordedLogs Logs { get; private init; } = new();

    public ProvidersService.ProvidersServiceClient Client => _client.Services.GetRequiredService<ProvidersService.ProvidersServiceClient>();

    public static async Task<GrpcPair> StartAsync(
        Func<ServerCallContext, Task> act, bool anonymous = false, params (string Key, string Value)[] settings)
    {
        var logs = new RecordedLogs();
        var server = await StartServerAsync(act, anonymous, "http://127.0.0.1:0", logs, settings);
        var builder = TestSettings.CreateBuilder([("services:providers:grpc:0", server.Urls.Single()), .. settings]);
        builder.AddServiceDefaults();
        builder.Services.AddInternalGrpcClient<ProvidersService.ProvidersServiceClient>("providers");
        var client = builder.Build();
        // Not started as a server; but telemetry begins with the provider's creation.
        client.Services.GetService<TracerProvider>();
        return new GrpcPair(server, client) { Logs = logs };
    }

    public CallOptions Call(TimeSpan? timeout = null) => _client.Services.GetRequiredService<InternalCalls>()
        .For("acme", "chat", timeout ?? TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public async Task RestartServerAsync(Func<ServerCallContext, Task> act)
    {
        var address = Server.Urls.Single();
        await Server.DisposeAsync();
        Server = await StartServerAsync(act, anonymous: false, address, Logs, []);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
    }

    private static async Task<WebApplication> StartServerAsync(
        Func<ServerCallContext, Task> act, bool anonymous, string address, RecordedLogs logs, (string Key, string Value)[] settings)
    {
        var builder = TestSettings.CreateBuilder(
            [("Kestrel:Endpoints:grpc:Url", address), ("Kestrel:Endpoints:grpc:Protocols", "Http2"), .. settings]);
        builder.Logging.AddProvider(logs);
        builder.AddServiceDefaults();
        builder.Services.AddInternalGrpcServer();
        builder.Services.AddSingleton(act);
        var app = builder.Build();
        if (anonymous)
        {
            app.MapGrpcService<OpenProbeService>();
        }
        else
        {
            app.MapGrpcService<ProbeService>();
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
