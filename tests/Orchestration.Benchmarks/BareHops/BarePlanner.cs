using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Benchmarks.BareHops.Wire;

namespace Orchestration.Benchmarks.BareHops;

/// <summary>Answers with a message of the size of a plan.</summary>
internal sealed class BarePlanner : Planner.PlannerBase
{
    private static readonly ByteString Plan512 = ByteString.CopyFrom(new byte[512]);

    public static void Add(WebApplicationBuilder builder) => builder.Services.AddGrpc();

    public override Task<Payload> Plan(Payload request, ServerCallContext context) => Task.FromResult(new Payload { Body = Plan512 });
}
