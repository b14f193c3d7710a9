using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Client.Rerank;

namespace Orchestration.Client.Tests.Hosting;

/// <summary>A gateway that plays a script over a real connection, and the client as an application registers it.</summary>
internal sealed class GatewayPeer : IAsyncDisposable
{
    public const string Key = "sk-orc_dev_of_the_tests";
    public const string RequestId = "0199d0a0-0000-7000-8000-000000000002";

    private readonly WebApplication _app;
    private readonly ServiceProvider _client;

    private GatewayPeer(WebApplication app, ServiceProvider client) => (_app, _client) = (app, client);

    public GatewayScript Script => _app.Services.GetRequiredService<GatewayScript>();

    public IServiceProvider Services => _client;

    public Uri Address => new(_app.Urls.Single());

    public OrchestrationClient Client => _client.GetRequiredService<OrchestrationClient>();

    public IChatClient Chat => _client.GetRequiredService<IChatClient>();

    public IEmbeddingGenerator<string, Embedding<float>> Embeddings => _client.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

    public OrchestrationReranker Reranker => _client.GetRequiredService<OrchestrationReranker>();

    public static async Task<GatewayPeer> StartAsync(Action<OrchestrationClientOptions>? configure = null, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<GatewayScript>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.Headers["x-request-id"] = RequestId;
            return next(context);
        });
        app.MapGrpcService<ScriptedChat>();
        app.MapGrpcService<ScriptedEmbeddings>();
        app.MapGrpcService<ScriptedRerank>();
        app.MapGrpcService<ScriptedModels>();
        app.MapGrpcService<ScriptedRequests>();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddOrchestrationClient(client =>
        {
            client.Address = new Uri(app.Urls.Single());
            client.ApiKey = Key;
            configure?.Invoke(client);
        });
        return new GatewayPeer(app, services.BuildServiceProvider());
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _app.DisposeAsync();
    }
}
