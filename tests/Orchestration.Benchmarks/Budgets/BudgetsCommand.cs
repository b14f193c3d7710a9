using System.CommandLine;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Budgets;

internal static class BudgetsCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "Chat model that is asked for, vendor:id.", DefaultValueFactory = _ => "openai:gpt-4.1-mini" };
    private static readonly Option<int> Gateways = new("--gateways") { Description = "Gateways over one ledger.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Concurrent clients.", DefaultValueFactory = _ => 200 };
    private static readonly Option<decimal> Amount = new("--amount") { Description = "Budget of the tenant in USD; that of the tenant in CNY is seven times it.", DefaultValueFactory = _ => 0.3m };
    private static readonly Option<int> KillAfter = new("--kill-after") { Description = "Answered requests after which a gateway is killed.", DefaultValueFactory = _ => 2_000 };
    private static readonly Option<int> Recall = new("--recall-ms") { Description = "How long money must have been free before a refusal counts as false.", DefaultValueFactory = _ => 200 };
    private static readonly Option<double> Minutes = new("--minutes") { Description = "Longest time for spending.", DefaultValueFactory = _ => 6 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Gives the same questions again.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Built = new("--built") { Description = "Take the system as it was built instead of building it first." };

    public static Command Create()
    {
        var command = new Command("budgets", "Spends budgets of tenant, project and key over several gateways to their end, one of which is killed, and compares with the ledger.")
        {
            Model, Gateways, Clients, Amount, KillAfter, Recall, Minutes, Seed, Built,
        };
        command.SetAction((arguments, cancellationToken) => new BudgetsMeasurement(new BudgetsPlan
        {
            Model = ModelName.Parse(arguments.GetValue(Model)!),
            Gateways = arguments.GetValue(Gateways),
            Clients = arguments.GetValue(Clients),
            Amount = arguments.GetValue(Amount),
            KillAfter = arguments.GetValue(KillAfter),
            Recall = TimeSpan.FromMilliseconds(arguments.GetValue(Recall)),
            Longest = TimeSpan.FromMinutes(arguments.GetValue(Minutes)),
            Seed = arguments.GetValue(Seed),
            Built = arguments.GetValue(Built),
        }).RunAsync(cancellationToken));
        return command;
    }
}

/// <summary>What a run of the verb does.</summary>
internal sealed record BudgetsPlan
{
    public required ModelName Model { get; init; }

    public required int Gateways { get; init; }

    public required int Clients { get; init; }

    public required decimal Amount { get; init; }

    public required int KillAfter { get; init; }

    public required TimeSpan Recall { get; init; }

    public required TimeSpan Longest { get; init; }

    public required int Seed { get; init; }

    public required bool Built { get; init; }
}
