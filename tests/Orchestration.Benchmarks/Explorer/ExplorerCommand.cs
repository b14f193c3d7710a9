using System.CommandLine;

namespace Orchestration.Benchmarks.Explorer;

internal static class ExplorerCommand
{
    private static readonly Option<int> Rows = new("--rows") { Description = "Requests in the ledger; their attempts come on top.", DefaultValueFactory = _ => 5_000_000 };
    private static readonly Option<int> Tenants = new("--tenants") { Description = "Tenants; each is a good deal smaller than the one before.", DefaultValueFactory = _ => 12 };
    private static readonly Option<int> Months = new("--months") { Description = "Months that the requests are spread over, up to now.", DefaultValueFactory = _ => 12 };
    private static readonly Option<int> Samples = new("--samples") { Description = "First and deep pages of each search.", DefaultValueFactory = _ => 24 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Gives the same ledger again.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double?> MaxPage = new("--max-page-ms") { Description = "Bar on p95 of the first and of deep pages, for each search.", DefaultValueFactory = _ => 300 };
    private static readonly Option<double?> MaxReport = new("--max-report-ms") { Description = "Bar on p95 of each report of a year.", DefaultValueFactory = _ => 500 };

    public static Command Create()
    {
        var command = new Command("explorer", "Pages of searches and reports of a year over a large ledger that is made for it, and whether its sums agree.")
        {
            Rows, Tenants, Months, Samples, Seed, MaxPage, MaxReport,
        };
        command.SetAction((arguments, cancellationToken) => new ExplorerMeasurement(new ExplorerPlan
        {
            Rows = arguments.GetValue(Rows),
            Tenants = arguments.GetValue(Tenants),
            Months = arguments.GetValue(Months),
            Samples = arguments.GetValue(Samples),
            Seed = arguments.GetValue(Seed),
            MaxPage = arguments.GetValue(MaxPage),
            MaxReport = arguments.GetValue(MaxReport),
        }).RunAsync(cancellationToken));
        return command;
    }
}

internal sealed record ExplorerPlan
{
    public required int Rows { get; init; }
    public required int Tenants { get; init; }
    public required int Months { get; init; }
    public required int Samples { get; init; }
    public required int Seed { get; init; }
    public double? MaxPage { get; init; }
    public double? MaxReport { get; init; }
}
