using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Metrics.Tests.Alerts;

/// <summary>Routing as far as it tells its catalogue, over real gRPC.</summary>
internal sealed class FakeRouting : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeRouting(WebApplication app) => _app = app;

    public List<CatalogueEntry> Entries => _app.Services.GetRequiredService<List<CatalogueEntry>>();

    public string Address => _app.Urls.Single();

    public static async Task<FakeRouting> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // Not the ports that the service under test ships.
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(new List<CatalogueEntry>());
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FakeRouting(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private sealed class Service(List<CatalogueEntry> entries) : RoutingService.RoutingServiceBase
    {
        public override Task<ListCatalogueResponse> ListCatalogue(ListCatalogueRequest request, ServerCallContext context) =>
            Task.FromResult(new ListCatalogueResponse { Entries = { entries } });
    }
}
