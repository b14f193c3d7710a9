using System.Globalization;
using Grpc.Net.Client;
using Npgsql;
using Orchestration.Benchmarks.Ingest;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Contracts.Metrics.V1;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Times reports of a year over the wire, most of them of the largest tenant, and compares their totals with the rows.</summary>
internal sealed class YearReport(ExplorerPlan plan, LedgerCalendar calendar, MetricsProcess metrics) : IDisposable
{
    private const string RowsCost = """
        SELECT sum(cost) FROM requests WHERE tenant_id = $1 AND started_at >= $2 AND settlement IS NOT NULL AND NOT simulated
        """;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Question[] Questions =
    [
        new("total by month", new() { Grain = "month" }),
        new("model by month", new() { Grain = "month", GroupBy = { "model" } }),
        new("model by month with latency", new() { Grain = "month", GroupBy = { "model" }, Details = { "latency" } }),
        new("most costly keys", new() { GroupBy = { "key" }, Top = 5 }),
        new("most costly end users", new() { GroupBy = { "end_user" }, Top = 20 }, IsWhole: false),
        new("total by day", new() { Grain = "day", TimeZone = "Asia/Kathmandu" }, IsWhole: false),
        new("project and model by month", new() { Grain = "month", GroupBy = { "project", "model" } }),
        new("models of one project by month", new() { Grain = "month", GroupBy = { "model" }, ProjectIds = { "project-1" } }, IsWhole: false),
        new("all tenants by month", new() { Grain = "month", GroupBy = { "tenant" } }, IsWhole: false),
    ];

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(metrics.Address);

    public async Task RunAsync(Verdict verdict, CancellationToken cancellationToken)
    {
        var expected = await RowsCostAsync(cancellationToken);
        var (worst, table) = (new Samples(), new Table().Border(TableBorder.Rounded).Title("reports of a year, ms"));
        table.AddColumns("report", "rows", "p50", "p95");
        foreach (var question in Questions)
        {
            var (samples, report) = await MeasureAsync(question, cancellationToken);
            table.AddRow(question.Name, $"{report.Rows.Count}", samples.Quantile(0.5).Text("0"), samples.Quantile(0.95).Text("0"));
            worst.Add(samples.Quantile(0.95));
            verdict.AtMost($"p95 of {question.Name}", samples.Quantile(0.95), plan.MaxReport);
            verdict.Require(!question.IsWhole || CostOf(report) == expected, $"{question.Name}: its total is {CostOf(report)}, that of the rows {expected}");
        }

        AnsiConsole.Write(table);
        verdict.Add($"{Questions.Length} reports of a year, worst p95 {worst.Quantile(1):0} ms (median {worst.Quantile(0.5):0})");
    }

    public void Dispose() => _channel.Dispose();

    private async Task<(Samples Samples, Report Report)> MeasureAsync(Question question, CancellationToken cancellationToken)
    {
        var report = await AskAsync(question, cancellationToken);
        var samples = new Samples();
        var begun = TimeProvider.System.GetTimestamp();
        while (samples.Count < plan.Samples && (samples.Count < 3 || TimeProvider.System.GetElapsedTime(begun) < Longest))
        {
            var start = TimeProvider.System.GetTimestamp();
            report = await AskAsync(question, cancellationToken);
            samples.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        return (samples, report);
    }

    private async Task<Report> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var request = question.Request.Clone();
        request.TenantId = request.GroupBy.Contains("tenant") ? "" : LedgerTraffic.TenantName(0);
        request.From = Day(calendar.Begin);
        request.To = Day(calendar.Months[^1].AddMonths(1));
        return await new ReportService.ReportServiceClient(_channel)
            .GetReportAsync(request, MetricsProcess.Calls.For("", "admin", Patience, cancellationToken));
    }

    private async Task<decimal> RowsCostAsync(CancellationToken cancellationToken)
    {
        await using var command = metrics.Database.CreateCommand(RowsCost);
        command.CommandTimeout = 300;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = LedgerTraffic.TenantName(0) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = calendar.Begin });
        return (decimal)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static decimal CostOf(Report report) => report.Totals.Sum(total => decimal.Parse(total.Cost.Amount, CultureInfo.InvariantCulture));

    private static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <param name="Name">What it is called.</param>
    /// <param name="Request">The report without tenant and range.</param>
    /// <param name="IsWhole">True when its total is the tenant's cost of the year.</param>
    private sealed record Question(string Name, ReportRequest Request, bool IsWhole = true);
}
