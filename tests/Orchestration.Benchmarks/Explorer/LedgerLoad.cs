using System.Globalization;
using Npgsql;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Makes the rows, month by month, and then the indexes that were set aside.</summary>
internal sealed class LedgerLoad(ExplorerPlan plan, LedgerCalendar calendar, NpgsqlDataSource database)
{
    public async Task<long> RunAsync(Phases phases, CancellationToken cancellationToken)
    {
        await EnsureMonthsAsync(cancellationToken);
        var aside = await SetAsideIndexes.TakeAsync(database, ["requests", "attempts"], cancellationToken);
        var rows = phases.Begin("rows", plan.Rows);
        long written = 0;
        await Parallel.ForEachAsync(calendar.Months, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, (month, cancellation) =>
        {
            Interlocked.Add(ref written, WriteMonth(month, rows, cancellation));
            return ValueTask.CompletedTask;
        });
        rows.Value = rows.MaxValue;
        await aside.PutBackAsync(phases.Begin("indexes"), cancellationToken);
        return written;
    }

    public static string Suffix(DateTimeOffset month) => month.ToString("yyyy_MM", CultureInfo.InvariantCulture);

    private long WriteMonth(DateTimeOffset month, Spectre.Console.ProgressTask progress, CancellationToken cancellationToken)
    {
        // Each month has its own order, so that a shorter run makes the same months.
        var random = new Random(plan.Seed * 10_000 + month.Year * 12 + month.Month);
        var traffic = new LedgerTraffic(plan, random);
        using var copy = new LedgerCopy(database, Suffix(month));
        var isLast = month == calendar.Months[^1];
        long written = 0;
        foreach (var start in calendar.Starts(month, random))
        {
            var open = isLast && start > calendar.End.AddDays(-1) && written % 97 == 0;
            copy.Write(traffic.Next(start, month.AddMonths(1), open));
            if (++written % 10_000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress.Increment(10_000);
            }
        }

        copy.Complete();
        return written;
    }

    private async Task EnsureMonthsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT ensure_ledger_partitions($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = DateOnly.FromDateTime(calendar.Begin.UtcDateTime) });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = calendar.Months.Count });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
