using System.CommandLine;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Outages;

internal static class OutagesCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "Chat model that is asked for, vendor:id.", DefaultValueFactory = _ => "openai:gpt-4.1-mini" };
    private static readonly Option<string[]> Parts = new("--parts")
    {
        Description = "Parts that are stopped, one after the other.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["redis", "messaging", "routing", "postgres"],
    };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Length of each outage.", DefaultValueFactory = _ => 60 };
    private static readonly Option<double> Calm = new("--calm") { Description = "Seconds before each outage, to compare with, and after it, in which everything is as before.", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Clients of each kind: with budgets and limits, without budgets, and by the route auto.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> Streams = new("--streams") { Description = "Live streams of a gateway that gets SIGTERM; 0 leaves that out.", DefaultValueFactory = _ => 200 };
    private static readonly Option<double?> MaxRatio = new("--max-ratio") { Description = "Bar on p99 while Redis, RabbitMQ or Routing is away, over p99 before." };
    private static readonly Option<double?> MaxAlive = new("--max-alive-ms") { Description = "Bar on the p95 of /alive during outages.", DefaultValueFactory = _ => 50 };
    private static readonly Option<double> Drain = new("--drain") { Description = "Seconds that the ledger has to catch up afterwards.", DefaultValueFactory = _ => 180 };
    private static readonly Option<bool> Built = new("--built") { Description = "Take the system as it was built instead of building it first." };

    public static Command Create()
    {
        var command = new Command("outages", "Stops Redis, RabbitMQ, Routing and PostgreSQL for a while under load, and a gateway with live streams, and compares with what faults.md demands.")
        {
            Model, Parts, Seconds, Calm, Clients, Streams, MaxRatio, MaxAlive, Drain, Built,
        };
        command.SetAction((arguments, cancellationToken) => new OutagesMeasurement(new OutagesPlan
        {
            Model = ModelName.Parse(arguments.GetValue(Model)!),
            Parts = arguments.GetValue(Parts)!,
            Outage = TimeSpan.FromSeconds(arguments.GetValue(Seconds)),
            Calm = TimeSpan.FromSeconds(arguments.GetValue(Calm)),
            Clients = arguments.GetValue(Clients),
            Streams = arguments.GetValue(Streams),
            MaxRatio = arguments.GetValue(MaxRatio),
            MaxAlive = arguments.GetValue(MaxAlive),
            Drain = TimeSpan.FromSeconds(arguments.GetValue(Drain)),
            Built = arguments.GetValue(Built),
        }).RunAsync(cancellationToken));
        return command;
    }
}
