using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.BareHops;

/// <summary>One process of the bare chain; started by the <c>gateway</c> and <c>micro</c> verbs, of no use by itself.</summary>
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

    /// <summary>Starts one process of the chain.</summary>
    public static ChildProcess Start(string role, int port, IReadOnlyList<string> arguments)
    {
        var self = Path.Combine(AppContext.BaseDirectory, "Orchestration.Benchmarks.dll");
        return ChildProcess.Start(
            "dotnet", [self, "bare-hop", "--role", role, "--port", port.ToString(CultureInfo.InvariantCulture), .. arguments],
            AppContext.BaseDirectory, new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" }, TimeSpan.FromSeconds(10));
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
