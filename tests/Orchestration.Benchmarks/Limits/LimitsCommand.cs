using System.CommandLine;

namespace Orchestration.Benchmarks.Limits;

internal static class LimitsCommand
{
    private static readonly Option<int> Gateways = new("--gateways") { Description = "Gateways on one Redis.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> Amount = new("--limit") { Description = "Most requests in a window.", DefaultValueFactory = _ => 600 };
    private static readonly Option<int> Window = new("--window") { Description = "Length of the window, seconds.", DefaultValueFactory = _ => 10 };
    private static readonly Option<double> Demand = new("--demand") { Description = "Requests asked for, as a multiple of the limit.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Clients that ask, each at its own pace.", DefaultValueFactory = _ => 30 };

    public static Command Create()
    {
        var command = new Command("limits", "Asks several gateways for more than a limit allows, with Redis there, frozen, and killed.") { Gateways, Amount, Window, Demand, Clients };
        command.SetAction((arguments, cancellationToken) => new LimitsMeasurement(new LimitsLoad(
            arguments.GetValue(Gateways), arguments.GetValue(Amount), arguments.GetValue(Window), arguments.GetValue(Demand), arguments.GetValue(Clients))).RunAsync(cancellationToken));
        return command;
    }
}

/// <summary>What is asked for.</summary>
/// <param name="Gateways">Gateways on one Redis.</param>
/// <param name="Amount">Most requests in a window.</param>
/// <param name="WindowSeconds">Length of the window.</param>
/// <param name="Demand">Requests asked for, as a multiple of the limit.</param>
/// <param name="Clients">Clients that ask.</param>
internal sealed record LimitsLoad(int Gateways, int Amount, int WindowSeconds, double Demand, int Clients);
