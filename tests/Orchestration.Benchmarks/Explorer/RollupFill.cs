using Npgsql;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Fills the rollups from the rows, two months at a time.</summary>
internal sealed class RollupFill(LedgerCalendar calendar, NpgsqlDataSource database)
{
    private static readonly string[] Tables = ["usage_slices", "usage_cells", "usage_failures", "provider_costs", "latency_sketches"];

    public async Task RunAsync(Phases phases, CancellationToken cancellationToken)
    {
        foreach (var table in Tables)
            await database.DoAsync($"ALTER TABLE {table} SET UNLOGGED, SET (autovacuum_enabled = false)", cancellationToken);
        var aside = await SetAsideIndexes.TakeKeysAsync(database, Tables, cancellationToken);
        var filling = phases.Begin("rollups", calendar.Months.Sum(month => RollupStatements.Of(LedgerLoad.Suffix(month)).Count()));
        await Parallel.ForEachAsync(calendar.Months, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (month, cancellation) =>
        {
            foreach (var statement in RollupStatements.Of(LedgerLoad.Suffix(month)))
            {
                await database.DoAsync(statement, cancellation);
                filling.Increment(1);
            }
        });
        await aside.PutBackAsync(phases.Begin("keys of rollups"), cancellationToken);
        await AnalyzeAsync(phases.Begin("statistics"), cancellationToken);
    }

    private async Task AnalyzeAsync(ProgressTask progress, CancellationToken cancellationToken)
    {
        string[] tables = [.. Tables, "requests", "attempts"];
        progress.MaxValue = tables.Length;
        await Parallel.ForEachAsync(tables, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (table, cancellation) =>
        {
            await database.DoAsync($"ANALYZE {table}", cancellation);
            progress.Increment(1);
        });
        // What is still to be written would be written while pages are timed.
        await database.DoAsync("CHECKPOINT", cancellationToken);
    }
}
