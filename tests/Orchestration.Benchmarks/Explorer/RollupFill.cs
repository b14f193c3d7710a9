using Npgsql;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Fills the rollups from the rows, two months at a time.</summary>
internal sealed class RollupFill(LedgerCalendar calendar, NpgsqlDataSource database)
{
    private static readonly string[] Tables = ["usage_slices", "usage_cells", "usage_failures", "provider_costs", "latency_sketches"];

    public async Task RunAsync(ProgressContext progress, CancellationToken cancellationToken)
    {
        foreach (var table in Tables)
            await database.DoAsync($"ALTER TABLE {table} SET UNLOGGED", cancellationToken);
        var aside = await SetAsideIndexes.TakeKeysAsync(database, Tables, cancellationToken);
        var filling = progress.AddTask("rollups", maxValue: calendar.Months.Sum(month => RollupStatements.Of(LedgerLoad.Suffix(month)).Count()));
        await Parallel.ForEachAsync(calendar.Months, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (month, cancellation) =>
        {
            foreach (var statement in RollupStatements.Of(LedgerLoad.Suffix(month)))
            {
                await database.DoAsync(statement, cancellation);
                filling.Increment(1);
            }
        });
        await aside.PutBackAsync(progress.AddTask("keys of rollups"), cancellationToken);
        await AnalyzeAsync(progress.AddTask("statistics"), cancellationToken);
    }

    private async Task AnalyzeAsync(ProgressTask progress, CancellationToken cancellationToken)
    {
        string[] statements = [.. Tables.Select(table => $"VACUUM (ANALYZE) {table}"), "ANALYZE requests", "ANALYZE attempts"];
        progress.MaxValue = statements.Length;
        await Parallel.ForEachAsync(statements, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (statement, cancellation) =>
        {
            await database.DoAsync(statement, cancellation);
            progress.Increment(1);
        });
    }
}
