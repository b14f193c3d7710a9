using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.ServiceDefaults;
using Orchestration.Testing;

namespace Orchestration.Console.Tests.Hosting;

/// <summary>The real console on a port of its own.</summary>
internal sealed class ConsoleHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ConsoleHost(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<ConsoleHost> StartAsync(string adminAddress)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "Orchestration.Console",
            ContentRootPath = Path.Combine(RepositoryRoot.Path, "src", "Orchestration.Console"),
            EnvironmentName = "Production",
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "console",
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["services:gateway:admin:0"] = adminAddress,
        });
        builder.Logging.ClearProviders();
        // Assets lie in their packages and source folders until the console is published.
        builder.WebHost.UseStaticWebAssets();
        builder.AddServiceDefaults();
        builder.AddConsole();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        var app = builder.Build();
        app.MapDefaultEndpoints().MapConsole();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ConsoleHost(app);
    }

    /// <summary>A browser that holds its cookies and shows every redirect.</summary>
    public HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
