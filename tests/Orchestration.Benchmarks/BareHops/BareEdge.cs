using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Benchmarks.BareHops.Wire;

namespace Orchestration.Benchmarks.BareHops;

/// <summary>Takes a request, asks the planner, lets the executor run it, and relays the body.</summary>
internal sealed class BareEdge(Planner.PlannerClient? planner, Executor.ExecutorClient executor)
{
    public static void Add(WebApplicationBuilder builder, string planner, string executor) => builder.Services.AddSingleton(new BareEdge(
        planner.Length == 0 ? null : new Planner.PlannerClient(GrpcChannel.ForAddress(planner)),
        new Executor.ExecutorClient(GrpcChannel.ForAddress(executor))));

    public static void Map(WebApplication app) =>
        app.MapPost("/v1/chat/completions", (RequestDelegate)app.Services.GetRequiredService<BareEdge>().HandleAsync);

    private async Task HandleAsync(HttpContext context)
    {
        var request = new Payload { Body = await ByteString.FromStreamAsync(context.Request.Body, context.RequestAborted) };
        if (planner is not null)
            await planner.PlanAsync(request, cancellationToken: context.RequestAborted);
        using var call = executor.Run(request, cancellationToken: context.RequestAborted);
        await foreach (var part in call.ResponseStream.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.BodyWriter.WriteAsync(part.Body.Memory, context.RequestAborted);
        }
    }
}
