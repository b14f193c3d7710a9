using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;

namespace Orchestration.Indexing.Tests;

/// <summary>The gateway's embeddings as Indexing sees them: a vector says which of a few words a text holds.</summary>
internal sealed class FakeGateway : EmbeddingsService.EmbeddingsServiceBase, IAsyncDisposable
{
    private static readonly string[] Words = ["parcel", "invoice", "apple", "river", "退货"];
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private FakeGateway(WebApplication app, GrpcChannel channel) => (_app, _channel) = (app, channel);

    public EmbeddingsService.EmbeddingsServiceClient Client => new(_channel);

    /// <summary>Model that answers.</summary>
    public string Model { get; set; } = "words-1";

    /// <summary>Set to fail the next calls with this status.</summary>
    public StatusCode? Failure { get; set; }

    /// <summary>Runs while a call waits for its answer.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>Inputs seen, in order.</summary>
    public List<string> Inputs { get; } = [];

    public static async Task<FakeGateway> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // The service's own settings, with its fixed ports, lie beside the tests.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        var holder = new Holder();
        builder.Services.AddSingleton(holder);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Holder>().Gateway!);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<FakeGateway>();
        await app.StartAsync(cancellationToken);
        return holder.Gateway = new FakeGateway(app, GrpcChannel.ForAddress(app.Urls.First()));
    }

    public override async Task<EmbeddingsResponse> Embed(EmbeddingsRequest request, ServerCallContext context)
    {
        if (Failure is { } status)
            throw new RpcException(new Status(status, "scripted"));

        lock (Inputs)
            Inputs.AddRange(request.Inputs);
        if (Meanwhile is { } meanwhile)
            await meanwhile();
        return new EmbeddingsResponse
        {
            Embeddings = { request.Inputs.Select(Embed) },
            Response = new ResponseStarted { Provider = "fake", Model = Model },
        };
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
    }

    private static Embedding Embed(string text) => new()
    {
        Values = { Words.Select(word => text.Contains(word, StringComparison.OrdinalIgnoreCase) ? 1f : 0.01f) },
    };

    private sealed class Holder
    {
        public FakeGateway? Gateway { get; set; }
    }
}
