using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>The other services as the gateway sees them: real gRPC with checked identity, scripted content.</summary>
internal sealed class FakePeers : IAsyncDisposable
{
    public static readonly string SigningKey = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(number => (byte)number)]);

    private readonly WebApplication _app;

    private FakePeers(WebApplication app, FakeProviders providers, FakeRouting routing, FakeLedger ledger, FakeVendors vendors, FakeBudgets budgets)
    {
        Budgets = budgets;
        _app = app;
        Providers = providers;
        Routing = routing;
        Ledger = ledger;
        Vendors = vendors;
        Address = app.Urls.Single();
    }

    public string Address { get; }

    public FakeProviders Providers { get; }

    public FakeRouting Routing { get; }

    public FakePolicies Policies => _app.Services.GetRequiredService<FakePolicies>();

    public FakeLedger Ledger { get; }

    public FakeVendors Vendors { get; }

    public FakeBudgets Budgets { get; }

    public InternalCalls Calls => _app.Services.GetRequiredService<InternalCalls>();

    public static async Task<FakePeers> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // Not the gateway's own settings, which lie beside the tests.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "indexing",
            ["Identity:SigningKey"] = SigningKey,
        });
        builder.AddServiceDefaults();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddInternalGrpcServer(InternalGrpcExtensions.LargeMessageBytes);
        var (providers, routing, ledger, vendors, budgets) = (new FakeProviders(), new FakeRouting(), new FakeLedger(), new FakeVendors(), new FakeBudgets());
        builder.Services.AddSingleton(providers).AddSingleton(routing).AddSingleton(ledger).AddSingleton(vendors).AddSingleton(budgets).AddSingleton<FakePolicies>().AddSingleton<FakeTraces>().AddSingleton<FakeIndexing>();
        var app = builder.Build();
        app.MapGrpcService<FakeProviders>();
        app.MapGrpcService<FakeVendors>();
        app.MapGrpcService<FakeRouting>();
        app.MapGrpcService<FakePolicies>();
        app.MapGrpcService<FakeLedger>();
        app.MapGrpcService<FakeFeedback>();
        app.MapGrpcService<FakeTraces>();
        app.MapGrpcService<FakeAlerts>();
        app.MapGrpcService<FakeBudgets>();
        app.MapGrpcService<FakeQuarantine>();
        app.MapGrpcService<FakeReports>();
        app.MapGrpcService<FakeReconciliations>();
        app.MapGrpcService<FakeRepricings>();
        app.MapGrpcService<FakeIndexing>();
        await app.StartAsync(cancellationToken);
        return new FakePeers(app, providers, routing, ledger, vendors, budgets);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
