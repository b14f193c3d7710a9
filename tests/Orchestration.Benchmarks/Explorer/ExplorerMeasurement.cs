using System.Globalization;
using Npgsql;
using Orchestration.Benchmarks.Ingest;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Testing;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Makes a large ledger, reads it as operators do, and drops it.</summary>
internal sealed class ExplorerMeasurement(ExplorerPlan plan)
{
    // Rollups that every row counts in once.
    private static readonly string[] Whole = ["rows", "cells", "days by total", "quarters by model", "quarters by key"];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var verdict = new Verdict("explorer");
        var calendar = new LedgerCalendar(plan.Rows, plan.Months, TimeProvider.System.GetUtcNow());
        await using var stores = await BackingServices.StartAsync(BackingService.Postgres, cancellationToken);
        await using var database = await ExplorerDatabase.CreateAsync(stores, cancellationToken);
        var begun = TimeProvider.System.GetTimestamp();
        var rows = await FillAsync(database.Source, calendar, cancellationToken);
        verdict.Add($"{rows} requests made in {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0} s");

        await using var metrics = await MetricsProcess.StartMigratedAsync(stores, MetricsProcess.Nobody, cancellationToken);
        using (var pages = new PageMeasurement(plan, calendar, metrics))
            Judge(verdict, await pages.RunAsync(cancellationToken));
        using (var reports = new YearReport(plan, calendar, metrics))
            await reports.RunAsync(verdict, cancellationToken);
        // Only a month that is over can be closed.
        if (calendar.Months.Count > 1)
        {
            using var books = new BooksMeasurement(calendar, metrics);
            await books.RunAsync(verdict, cancellationToken);
        }

        await CompareAsync(verdict, database.Source, cancellationToken);
        return verdict.Close();
    }

    private async Task<long> FillAsync(NpgsqlDataSource database, LedgerCalendar calendar, CancellationToken cancellationToken)
    {
        long rows = 0;
        var told = "";
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async progress =>
        {
            var phases = new Phases(progress);
            rows = await new LedgerLoad(plan, calendar, database).RunAsync(phases, cancellationToken);
            await new RollupFill(calendar, database).RunAsync(phases, cancellationToken);
            told = phases.ToString();
        });
        Screen.Note($"{told}");
        return rows;
    }

    private void Judge(Verdict verdict, IReadOnlyList<PageFigures> figures)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("pages of 50, ms");
        table.AddColumns("search", "rows on a first page", "first p50", "first p95", "deep p50", "deep p95");
        var (first, deep) = (new Samples(), new Samples());
        foreach (var search in figures)
        {
            table.AddRow(
                search.Name, ((double)search.Found / search.First.Count).Text("0"), search.First.Quantile(0.5).Text("0"), search.First.Quantile(0.95).Text("0"),
                search.Deep.Quantile(0.5).Text("0"), search.Deep.Quantile(0.95).Text("0"));
            first.Add(search.First.Quantile(0.95));
            deep.Add(search.Deep.Quantile(0.95));
            verdict.AtMost($"p95 of the first page, {search.Name}", search.First.Quantile(0.95), plan.MaxPage);
            verdict.AtMost($"p95 of deep pages, {search.Name}", search.Deep.Quantile(0.95), plan.MaxPage);
        }

        AnsiConsole.Write(table);
        verdict.Add($"{figures.Count} searches, worst p95 of first pages {first.Quantile(1):0} ms (median {first.Quantile(0.5):0}), of deep pages {deep.Quantile(1):0} ms (median {deep.Quantile(0.5):0})");
    }

    private static async Task CompareAsync(Verdict verdict, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var expected = await IngestTotals.ReadAsync(database, IngestTotals.Places[Whole[0]], "tenant-", cancellationToken);
        foreach (var place in Whole[1..])
        {
            var totals = await IngestTotals.ReadAsync(database, IngestTotals.Places[place], "tenant-", cancellationToken);
            verdict.Require(totals == expected, $"{place}: the sums are not those of the rows");
        }

        verdict.Add($"cost {expected.Cost.ToString("0.00", CultureInfo.InvariantCulture)} in rows and {Whole.Length - 1} rollups");
    }
}
