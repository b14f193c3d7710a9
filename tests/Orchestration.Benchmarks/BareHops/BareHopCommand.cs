using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchestration.Benchmarks.BareHops;

/// <summary>One process of the bare chain; started by the <c>gateway</c> verb, of no use by itself.</summary>
internal static class BareHopCommand
{
    private static readonly Option<string> Role = new("--role") { Required = true };
    private static readonly Option<int> Port = new("--port") { Required = true };
    private static readonly Option<string> Planner = new("--planner") { DefaultValueFactory = _ => "" };
    private static readonly Option<string> Next = new("--next") { DefaultValueFactory = _ => "" };

    public static Command Create()
    {
        var command = new Command("bare-hop", "One process of the bare chain.") { Role, Port, Planner, Next };
        command.Hidden = true;
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetRequiredValue(Role), arguments.GetRequiredValue(Port), arguments.GetValue(Planner) ?? "",
            arguments.GetValue(Next) ?? "", cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string role, int port, string planner, string next, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen =>
            listen.Protocols = role == "edge" ? HttpProtocols.Http1 : HttpProtocols.Http2));
        switch (role)
        {
            case "edge": BareEdge.Add(builder, planner, next); break;
            case "planner": BarePlanner.Add(builder); break;
            case "executor": BareExecutor.Add(builder, next); break;
            default: throw new ArgumentException($"No role '{role}'.");
        }
        await using var app = builder.Build();
        switch (role)
        {
            case "edge": BareEdge.Map(app); break;
            case "planner": app.MapGrpcService<BarePlanner>(); break;
            default: app.MapGrpcService<BareExecutor>(); break;
        }
        await ((IHost)app).RunAsync(cancellationToken);
        return 0;
    }
}
