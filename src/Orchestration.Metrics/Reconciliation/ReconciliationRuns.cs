using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Reconciliation.Data;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reconciliation;

/// <summary>Makes runs, one at a time over all replicas, and keeps what they found.</summary>
internal sealed partial class ReconciliationRuns(
    NpgsqlDataSource dataSource,
    IDbContextFactory<MetricsDbContext> contexts,
    LedgerComparison comparison,
    RollupRepair repair,
    MetricsTelemetry telemetry,
    TimeProvider timeProvider,
    IOptions<ReconciliationOptions> options,
    ILogger<ReconciliationRuns> logger)
{
    private const string Lock = "SELECT pg_try_advisory_lock(hashtext('ledger_reconciliation'))";
    private const string Unlock = "SELECT pg_advisory_unlock(hashtext('ledger_reconciliation'))";

    /// <summary>Compares the days of a range. Null when another run is under way.</summary>
    /// <param name="trigger">"nightly" or "asked".</param>
    /// <param name="first">First day of UTC.</param>
    /// <param name="last">Last day, included.</param>
    /// <param name="progress">Told of the run when it begins and after each day.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<StoredRun?> RunAsync(
        string trigger, DateOnly first, DateOnly last, Func<StoredRun, Task> progress, CancellationToken cancellationToken)
    {
        await using var alone = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await AskAsync(alone, Lock, cancellationToken))
            return null;

        try
        {
            // Whoever had the lock is gone, and with it every run that still says that it is running.
            await AbandonAsync(cancellationToken);
            var run = await BeginAsync(trigger, first, last, cancellationToken);
            return await CompareAsync(run, progress, cancellationToken);
        }
        finally
        {
            await AskAsync(alone, Unlock, CancellationToken.None);
        }
    }

    private async Task<StoredRun> CompareAsync(StoredRun begun, Func<StoredRun, Task> progress, CancellationToken cancellationToken)
    {
        var run = begun;
        var kept = 0;
        try
        {
            await progress(run);
            (run, kept) = await KeepAsync(run, kept, most => comparison.OfTodayAsync(most, cancellationToken), days: 0);
            foreach (var month in MonthsOf(run))
                (run, kept) = await KeepAsync(run, kept, most => LookAtMonthAsync(month, most, cancellationToken), days: 0);
            for (var day = run.FirstDay; day <= run.LastDay; day = day.AddDays(1))
            {
                var current = day;
                (run, kept) = await KeepAsync(run, kept, most => LookAtDayAsync(current, most, cancellationToken), days: 1);
                await progress(run);
            }

            run = await EndAsync(run, "finished");
        }
        catch (Exception exception)
        {
            run = await EndAsync(run, cancellationToken.IsCancellationRequested ? "cancelled" : "failed");
            if (!cancellationToken.IsCancellationRequested)
                Log.Failed(logger, exception);
            throw;
        }

        telemetry.Reconciled(run.Gaps);
        if (run.Gaps > 0)
            Log.GapsFound(logger, run.Gaps, run.FirstDay, run.LastDay, run.Id);
        return run;
    }

    /// <summary>The months of a run's days, and the one before the last day's: late events still reach it.</summary>
    private static IEnumerable<DateOnly> MonthsOf(StoredRun run)
    {
        var last = new DateOnly(run.LastDay.Year, run.LastDay.Month, 1);
        var first = new DateOnly(run.FirstDay.Year, run.FirstDay.Month, 1);
        for (var month = first < last ? first : last.AddMonths(-1); month <= last; month = month.AddMonths(1))
            yield return month;
    }

    private async Task<Checks.Gaps> LookAtMonthAsync(DateOnly month, int most, CancellationToken cancellationToken)
    {
        var gaps = await comparison.OfMonthAsync(month, most, cancellationToken);
        if (gaps.Total > 0 && await repair.OfMonthAsync(month, cancellationToken) is > 0 and var rows)
            Log.Repaired(logger, rows, "months");
        return gaps;
    }

    // The gaps that were found stay gaps of this run; the next one finds none, but in closed months, which are never made again.
    private async Task<Checks.Gaps> LookAtDayAsync(DateOnly day, int most, CancellationToken cancellationToken)
    {
        var gaps = await comparison.OfDayAsync(day, most, cancellationToken);
        List<string> slices = [.. gaps.Shown.Where(gap => gap.Kind == Checks.GapKind.Slice).Select(gap => gap.Subject)];
        // Cells that are wrong themselves are no measure.
        if (slices.Exists(subject => subject.StartsWith(SliceDimension.ProjectModel, StringComparison.Ordinal))
            && !slices.Exists(subject => subject.StartsWith("cells", StringComparison.Ordinal))
            && await repair.OfDayAsync(day, cancellationToken) is > 0 and var rows)
            Log.Repaired(logger, rows, "projects by model");
        return gaps;
    }

    private async Task<(StoredRun Run, int Kept)> KeepAsync(StoredRun run, int kept, Func<int, Task<Checks.Gaps>> look, int days)
    {
        // The count needs a row to stand on.
        var found = await look(Math.Max(1, options.Value.MaxFindings - kept));
        var room = options.Value.MaxFindings - kept;
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        foreach (var gap in found.Shown.Take(room))
        {
            context.Add(new StoredFinding
            {
                RunId = run.Id,
                Number = ++kept,
                Kind = gap.Kind,
                Day = gap.Day,
                TenantId = gap.TenantId,
                Subject = gap.Subject,
                Expected = gap.Expected,
                Actual = gap.Actual,
            });
        }

        var (done, gaps) = (run.DaysDone + days, run.Gaps + found.Total);
        await context.SaveChangesAsync(CancellationToken.None);
        await context.Set<StoredRun>().Where(row => row.Id == run.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.DaysDone, done).SetProperty(r => r.Gaps, gaps), CancellationToken.None);
        return (await ReadAsync(run.Id), kept);
    }

    private async Task<StoredRun> BeginAsync(string trigger, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = timeProvider.GetUtcNow();
        var run = new StoredRun { Id = Guid.CreateVersion7(now), Trigger = trigger, FirstDay = first, LastDay = last, StartedAt = now };
        context.Add(run);
        await context.SaveChangesAsync(cancellationToken);
        return run;
    }

    private async Task<StoredRun> EndAsync(StoredRun run, string state)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        DateTimeOffset? now = timeProvider.GetUtcNow();
        await context.Set<StoredRun>().Where(row => row.Id == run.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, state).SetProperty(r => r.EndedAt, now), CancellationToken.None);
        return await ReadAsync(run.Id);
    }

    private async Task AbandonAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset? now = timeProvider.GetUtcNow();
        await context.Set<StoredRun>().Where(row => row.State == "running")
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.State, "failed").SetProperty(r => r.EndedAt, now), cancellationToken);
    }

    private async Task<StoredRun> ReadAsync(Guid id)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        return await context.Set<StoredRun>().AsNoTracking().SingleAsync(row => row.Id == id, CancellationToken.None);
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string question, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Gaps} gaps were found in the ledger from {FirstDay} to {LastDay}, run {Run}")]
        public static partial void GapsFound(ILogger logger, long gaps, DateOnly firstDay, DateOnly lastDay, Guid run);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Rows} rollups of {Rollup} were made again from those that they are held against")]
        public static partial void Repaired(ILogger logger, int rows, string rollup);

        [LoggerMessage(Level = LogLevel.Error, Message = "The ledger could not be compared")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
