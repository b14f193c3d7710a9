using Npgsql;
using Orchestration.Benchmarks.Ingest;
using Orchestration.Benchmarks.Measuring;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Times what a report of a year over the largest tenant reads: sums of rollups, by month.</summary>
internal sealed class YearReport(ExplorerPlan plan, LedgerCalendar calendar, MetricsProcess metrics)
{
    private const string Figures = """
        sum(requests)::bigint, sum(failed_requests)::bigint, sum(attempts)::bigint, sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(saved), sum(cost) AS cost
        """;

    private const string Range = "tenant_id = $1 AND bucket >= $2 AND bucket < $3 AND NOT simulated";
    private const string Month = "date_trunc('month', bucket, 'UTC')";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    // The one place where reports are asked for: name, and the question whose costs add up to the tenant's cost of the year.
    private static readonly (string Name, string Question)[] Questions =
    [
        ("total by month", $"SELECT sum(cost) FROM (SELECT {Month}, {Figures} FROM usage_slices WHERE {Slice("total")} GROUP BY 1) AS report"),
        ("model by month", $"SELECT sum(cost) FROM (SELECT {Month}, value, detail, {Figures} FROM usage_slices WHERE {Slice("model")} GROUP BY 1, 2, 3) AS report"),
        ("keys, most costly first", $"SELECT sum(cost) FROM (SELECT value, {Figures} FROM usage_slices WHERE {Slice("key")} GROUP BY 1 ORDER BY sum(cost) DESC LIMIT 20) AS report"),
        ("end users, most costly first", $"SELECT sum(cost) FROM (SELECT value, {Figures} FROM usage_slices WHERE {Slice("end_user")} GROUP BY 1 ORDER BY sum(cost) DESC LIMIT 20) AS report"),
        ("project and model by month", $"SELECT sum(cost) FROM (SELECT {Month}, project_id, provider, model, {Figures} FROM usage_cells WHERE {Range} GROUP BY 1, 2, 3, 4) AS report"),
    ];

    /// <summary>Questions that do not add up to everything: not every request has an end user.</summary>
    private static readonly string[] Partial = ["end users, most costly first"];

    public async Task RunAsync(Verdict verdict, CancellationToken cancellationToken)
    {
        var expected = await AskAsync("SELECT sum(cost) FROM requests WHERE tenant_id = $1 AND started_at >= $2 AND started_at < $3 AND settlement IS NOT NULL AND NOT simulated", cancellationToken);
        var table = new Table().Border(TableBorder.Rounded).Title($"a year of {LedgerTraffic.TenantName(0)}, ms");
        table.AddColumns("sums of rollups", "p50", "p95");
        foreach (var (name, question) in Questions)
        {
            var samples = await MeasureAsync(question, cancellationToken);
            table.AddRow(name, samples.Quantile(0.5).Text("0"), samples.Quantile(0.95).Text("0"));
            verdict.AtMost($"p95 of {name}", samples.Quantile(0.95), plan.MaxReport);
            verdict.Require(Partial.Contains(name) || await AskAsync(question, cancellationToken) == expected, $"{name}: its cost is not that of the rows");
            verdict.Add($"{name} p95 {samples.Quantile(0.95):0} ms");
        }

        AnsiConsole.Write(table);
    }

    private async Task<Samples> MeasureAsync(string question, CancellationToken cancellationToken)
    {
        await AskAsync(question, cancellationToken);
        var samples = new Samples();
        var begun = TimeProvider.System.GetTimestamp();
        while (samples.Count < plan.Samples && (samples.Count < 3 || TimeProvider.System.GetElapsedTime(begun) < Longest))
        {
            var start = TimeProvider.System.GetTimestamp();
            await AskAsync(question, cancellationToken);
            samples.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        return samples;
    }

    private async Task<decimal> AskAsync(string question, CancellationToken cancellationToken)
    {
        await using var command = metrics.Database.CreateCommand(question);
        command.CommandTimeout = 300;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = LedgerTraffic.TenantName(0) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = calendar.Begin });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = calendar.Months[^1].AddMonths(1) });
        return (decimal)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string Slice(string dimension) => $"{Range} AND dimension = '{dimension}' AND grain = 'day'";
}
