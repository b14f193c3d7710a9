using System.Net;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Routing.Tests.Hosting;

/// <summary>A Providers that says about vendors what the test wants.</summary>
internal sealed class ScriptedProviders : ProvidersService.ProvidersServiceBase, IAsyncDisposable
{
    private readonly Channel<VendorsUpdate> _updates = Channel.CreateUnbounded<VendorsUpdate>();
    private WebApplication? _app;

    public string Address => _app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<ScriptedProviders> StartAsync()
    {
        var scripted = new ScriptedProviders();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Identity:SigningKey"] = RoutingHost.SigningKey });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(scripted);
        builder.Services.AddInternalGrpcServer();
        scripted._app = builder.Build();
        scripted._app.MapGrpcService<ScriptedProviders>();
        await scripted._app.StartAsync(TestContext.Current.CancellationToken);
        return scripted;
    }

    public void Say(params (string Provider, string Region, bool Configured)[] vendors) => _updates.Writer.TryWrite(new VendorsUpdate
    {
        Vendors = { vendors.Select(v => new VendorStatus { Provider = v.Provider, Region = v.Region, Configured = v.Configured }) },
    });

    public override async Task WatchVendors(WatchVendorsRequest request, IServerStreamWriter<VendorsUpdate> responseStream, ServerCallContext context)
    {
        try
        {
            await foreach (var update in _updates.Reader.ReadAllAsync(context.CancellationToken)) await responseStream.WriteAsync(update, context.CancellationToken);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // Routing stopped.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _updates.Writer.TryComplete();
        if (_app is not null) await _app.DisposeAsync();
    }
}
