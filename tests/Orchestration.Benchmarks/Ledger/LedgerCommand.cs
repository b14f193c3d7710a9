using System.CommandLine;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Ledger;

internal static class LedgerCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "Model that is asked for, vendor:id.", DefaultValueFactory = _ => "openai:gpt-4.1-mini" };
    private static readonly Option<int> Requests = new("--requests") { Description = "Requests that must be answered or broken.", DefaultValueFactory = _ => 200 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Concurrent clients.", DefaultValueFactory = _ => 8 };
    private static readonly Option<bool> Kills = new("--kills") { Description = "Kill gateway, providers, metrics and RabbitMQ, one after the other, while requests run." };
    private static readonly Option<double> Drain = new("--drain") { Description = "Seconds that the ledger has to catch up afterwards.", DefaultValueFactory = _ => 120 };
    private static readonly Option<double?> MaxLost = new("--max-lost") { Description = "Bar on what is missing from the ledger.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double?> MaxDuplicated = new("--max-duplicated") { Description = "Bar on what stands in the ledger twice.", DefaultValueFactory = _ => 0 };

    public static Command Create()
    {
        var command = new Command("ledger", "Compares what clients saw, what the simulated providers did, and what the ledger says.")
        {
            Model, Requests, Clients, Kills, Drain, MaxLost, MaxDuplicated,
        };
        command.SetAction((arguments, cancellationToken) => new LedgerMeasurement(new LedgerPlan(
            ModelName.Parse(arguments.GetValue(Model)!),
            arguments.GetValue(Requests),
            arguments.GetValue(Clients),
            arguments.GetValue(Kills),
            TimeSpan.FromSeconds(arguments.GetValue(Drain)),
            arguments.GetValue(MaxLost),
            arguments.GetValue(MaxDuplicated))).RunAsync(cancellationToken));
        return command;
    }
}

internal sealed record LedgerPlan(
    ModelName Model, int Requests, int Clients, bool Kills, TimeSpan Drain, double? MaxLost, double? MaxDuplicated);
