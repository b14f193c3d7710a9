using System.CommandLine;

namespace Orchestration.Benchmarks.Policy;

internal static class PolicyCommand
{
    private static readonly Option<int> Gateways = new("--gateways") { Description = "Gateways under load.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> Activations = new("--activations") { Description = "Policy versions that are activated one after the other.", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> Rate = new("--rate") { Description = "Requests per second, over all gateways.", DefaultValueFactory = _ => 300 };
    private static readonly Option<double> Away = new("--away") { Description = "Seconds for which Routing is killed.", DefaultValueFactory = _ => 60 };
    private static readonly Option<bool> Built = new("--built") { Description = "Take the programs as they were built instead of building them first." };

    public static Command Create()
    {
        var command = new Command("policy", "Activates policies under load, tries wrong ones, and takes the database and Routing away.") { Gateways, Activations, Rate, Away, Built };
        command.SetAction((arguments, cancellationToken) => new PolicyMeasurement(new PolicyPlan(
            arguments.GetValue(Gateways),
            arguments.GetValue(Activations),
            arguments.GetValue(Rate),
            TimeSpan.FromSeconds(arguments.GetValue(Away)),
            arguments.GetValue(Built))).RunAsync(cancellationToken));
        return command;
    }
}

/// <summary>What a run of the verb does.</summary>
internal sealed record PolicyPlan(int Gateways, int Activations, int Rate, TimeSpan Away, bool Built);
