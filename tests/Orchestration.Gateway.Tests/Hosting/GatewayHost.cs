using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.RouteTables;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>The gateway as it runs, in process, on free ports.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private Task? _stopped;

    private GatewayHost(WebApplication app, GatewaySettings settings)
    {
        _app = app;
        Settings = settings;
        // Kestrel binds its configured endpoints in the order of their names.
        var urls = app.Urls.ToList();
        (AdminAddress, GrpcAddress, HttpAddress) = (new Uri(urls[0]), new Uri(urls[1]), new Uri(urls[2]));
        Client = NewClient(HttpAddress, settings.ClientKey);
        Admin = NewClient(AdminAddress, settings.AdminKey);
        Channel = GrpcChannel.ForAddress(GrpcAddress);
    }

    public GatewaySettings Settings { get; }

    public Uri HttpAddress { get; }

    public Uri GrpcAddress { get; }

    public Uri AdminAddress { get; }

    /// <summary>A client of the public listener with the development key.</summary>
    public HttpClient Client { get; }

    /// <summary>A client of the admin listener with the admin key.</summary>
    public HttpClient Admin { get; }

    public GrpcChannel Channel { get; }

    public Metadata ClientMetadata => new() { { "authorization", $"Bearer {Settings.ClientKey}" } };

    public IServiceProvider Services => _app.Services;

    /// <summary>What the gateway has told the ledger.</summary>
    public IReadOnlyList<LedgerEvent> LedgerEvents =>
        [.. Services.GetRequiredService<Outbox>().ReadPending(100_000).Where(ledgerEvent => ledgerEvent.Type != nameof(OutboxSlotTaken))];

    public static WebApplication Build(GatewaySettings settings)
    {
        // MassTransit keeps the logger factory of the first host of a process, which is disposed with it.
        LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.None).AddFilter("Orchestration.ServiceDefaults.Outbox", LogLevel.None);
        builder.Configuration.AddInMemoryCollection(settings.ToConfiguration());
        builder.AddServiceDefaults();
        builder.AddGateway(settings.Database);
        return builder.Build();
    }

    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, CancellationToken cancellationToken)
    {
        var app = Build(settings);
        app.MapDefaultEndpoints().MapGateway();
        await app.StartAsync(cancellationToken);
        return new GatewayHost(app, settings);
    }

    /// <summary>Waits until the gateway can plan.</summary>
    public async Task<GatewayHost> WithRouteTableAsync(CancellationToken cancellationToken)
    {
        await Eventually.HoldsAsync(() => Services.GetRequiredService<CurrentRouteTable>().Snapshot is not null, cancellationToken);
        return this;
    }

    public IEnumerable<TPayload> Told<TPayload>() where TPayload : class =>
        LedgerEvents.Select(ServiceDefaults.Outbox.LedgerEvents.Unwrap<TPayload>).OfType<TPayload>();

    /// <summary>The end of a request, once it is written.</summary>
    public async Task<RequestCompleted> CompletedAsync(string requestId, CancellationToken cancellationToken)
    {
        RequestCompleted? completed = null;
        await Eventually.HoldsAsync(() => (completed = Told<RequestCompleted>().SingleOrDefault(row => row.RequestId.ToString("D") == requestId)) is not null, cancellationToken);
        return completed!;
    }

    /// <summary>Stops as on SIGTERM; what it told the ledger stays readable.</summary>
    public Task StopAsync() => _stopped ??= StopOnceAsync();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        Client.Dispose();
        Admin.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
    }

    private async Task StopOnceAsync()
    {
        try
        {
            await _app.StopAsync(CancellationToken.None);
        }
        catch (Exception exception) when (BrokerAbsence.Explains(exception))
        {
            // As a service ends: these tests have no broker.
        }
    }

    public static HttpClient NewClient(Uri address, string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        if (key.Length > 0)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}
