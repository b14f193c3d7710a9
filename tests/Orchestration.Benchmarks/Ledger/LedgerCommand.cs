using System.CommandLine;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Ledger;

internal static class LedgerCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "Chat model that is asked for, vendor:id.", DefaultValueFactory = _ => "openai:gpt-4.1-mini" };
    private static readonly Option<int> Requests = new("--requests") { Description = "Requests that must be answered or broken.", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Concurrent clients.", DefaultValueFactory = _ => 12 };
    private static readonly Option<int> Kills = new("--kills") { Description = "SIGKILLs over gateway, providers, metrics, RabbitMQ, Redis and PostgreSQL while requests run, some two at once." };
    private static readonly Option<int> Stops = new("--stops") { Description = "SIGSTOPs over the same parts, each for two to six seconds." };
    private static readonly Option<int> Seed = new("--seed") { Description = "Gives the same order of kills and stops again.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Minutes = new("--minutes") { Description = "Longest time for sending; what is not sent then is missing.", DefaultValueFactory = _ => 60 };
    private static readonly Option<double> Freeze = new("--freeze-broker") { Description = "Instead of kills: seconds that RabbitMQ is stopped under load, after as long without; the request path is compared." };
    private static readonly Option<double?> MaxRatio = new("--max-ratio") { Description = "Bar on p99 with the broker frozen over p99 before.", DefaultValueFactory = _ => 1.2 };
    private static readonly Option<double> Drain = new("--drain") { Description = "Seconds that the ledger has to catch up afterwards.", DefaultValueFactory = _ => 180 };
    private static readonly Option<double?> Sweep = new("--sweep") { Description = "Seconds after which no row may be open any more; without it, rows that kills left open are counted and bounded." };
    private static readonly Option<double?> MaxLost = new("--max-lost") { Description = "Bar on what is missing from the ledger.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double?> MaxDuplicated = new("--max-duplicated") { Description = "Bar on what stands in the ledger twice.", DefaultValueFactory = _ => 0 };
    private static readonly Option<bool> Built = new("--built") { Description = "Take the system as it was built instead of building it first." };

    public static Command Create()
    {
        var command = new Command("ledger", "Compares what clients saw, what the simulated providers did, and what the ledger says, while parts die and freeze.")
        {
            Model, Requests, Clients, Kills, Stops, Seed, Minutes, Freeze, MaxRatio, Drain, Sweep, MaxLost, MaxDuplicated, Built,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var plan = Plan(arguments);
            return plan.Freeze > TimeSpan.Zero
                ? new FrozenBrokerMeasurement(plan).RunAsync(cancellationToken)
                : new LedgerMeasurement(plan).RunAsync(cancellationToken);
        });
        return command;
    }

    private static LedgerPlan Plan(ParseResult arguments) => new()
    {
        Model = ModelName.Parse(arguments.GetValue(Model)!),
        Requests = arguments.GetValue(Requests),
        Clients = arguments.GetValue(Clients),
        Kills = arguments.GetValue(Kills),
        Stops = arguments.GetValue(Stops),
        Seed = arguments.GetValue(Seed),
        Longest = TimeSpan.FromMinutes(arguments.GetValue(Minutes)),
        Freeze = TimeSpan.FromSeconds(arguments.GetValue(Freeze)),
        MaxRatio = arguments.GetValue(MaxRatio),
        Drain = TimeSpan.FromSeconds(arguments.GetValue(Drain)),
        Sweep = arguments.GetValue(Sweep) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        MaxLost = arguments.GetValue(MaxLost),
        MaxDuplicated = arguments.GetValue(MaxDuplicated),
        Built = arguments.GetValue(Built),
    };
}
