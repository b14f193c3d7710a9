using System.CommandLine;

namespace Orchestration.Benchmarks.Ingest;

internal static class IngestCommand
{
    private static readonly Option<int> Requests = new("--requests") { Description = "Requests that are measured; each has four events.", DefaultValueFactory = _ => 75_000 };
    private static readonly Option<double> Drain = new("--drain") { Description = "Seconds after which the ledger must have everything.", DefaultValueFactory = _ => 180 };
    private static readonly Option<double?> MinRate = new("--min-rate") { Description = "Bar on events per second, from the first publish to the last row.", DefaultValueFactory = _ => 5_000 };

    public static Command Create()
    {
        var command = new Command("ingest", "Events per second from the broker to ledger rows with rollups, and whether the sums agree.")
        {
            Requests, Drain, MinRate,
        };
        command.SetAction((arguments, cancellationToken) => new IngestMeasurement(new IngestPlan(
            arguments.GetValue(Requests),
            TimeSpan.FromSeconds(arguments.GetValue(Drain)),
            arguments.GetValue(MinRate))).RunAsync(cancellationToken));
        return command;
    }
}

internal sealed record IngestPlan(int Requests, TimeSpan Drain, double? MinRate);
