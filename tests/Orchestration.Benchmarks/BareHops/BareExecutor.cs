using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Benchmarks.BareHops.Wire;

namespace Orchestration.Benchmarks.BareHops;

/// <summary>Posts upstream and carries the body back as it comes.</summary>
internal sealed class BareExecutor(HttpClient client) : Executor.ExecutorBase
{
    public static void Add(WebApplicationBuilder builder, string next)
    {
        builder.Services.AddSingleton(new HttpClient { BaseAddress = new Uri(next) });
        builder.Services.AddGrpc();
    }

    public override async Task Run(Payload request, IServerStreamWriter<Payload> responseStream, ServerCallContext context)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "chat/completions");
        message.Content = new ReadOnlyMemoryContent(request.Body.Memory);
        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, context.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(context.CancellationToken);
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, context.CancellationToken) is var read and > 0)
            await responseStream.WriteAsync(new Payload { Body = ByteString.CopyFrom(buffer, 0, read) }, context.CancellationToken);
    }
}
