using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Semantics;

namespace Orchestration.Indexing.Versions;

/// <summary>
/// Keeps indexes in shape behind the scenes: computes a collection's space anew as it grows, measures what vectors are worth,
/// removes what was replaced. Collections that need it wait in a table; a worker that dies leaves its own to another.
/// </summary>
internal sealed partial class IndexUpkeep(
    NpgsqlDataSource database, IndexBuilder builder, TimeProvider time, ILogger<IndexUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>A search that began on an index is over by then.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                while (await WorkOneAsync(stoppingToken))
                {
                }

                await DropClosedAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.GetType().Name, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Looks after the collection that has waited longest; false when none is due.</summary>
    internal async Task<bool> WorkOneAsync(CancellationToken cancellationToken)
    {
        if (await TakeAsync(cancellationToken) is not { } due)
            return false;

        var again = await LookAfterAsync(due, cancellationToken);
        await FinishAsync(due, again, cancellationToken);
        return true;
    }

    /// <returns>When to look again; null when all is in order.</returns>
    private async Task<DateTimeOffset?> LookAfterAsync(DueCollection due, CancellationToken cancellationToken)
    {
        await using (var session = await TenantSession.OpenAsync(database, due.TenantId, cancellationToken))
        {
            await IndexVersions.RemoveRetiredAsync(session.Connection, due.TenantId, time.GetUtcNow() - Grace, cancellationToken);
            await session.CommitAsync(cancellationToken);
        }

        var live = await LiveAsync(due, cancellationToken);
        if (live is null)
            return null;
        if (live.Analyser != TextAnalyzer.Version || (live.Embedder == LatentSpace.Model && HasDoubled(live)))
            return await builder.RebuildAsync(due.TenantId, due.Collection, null, () => RenewAsync(due, cancellationToken), cancellationToken)
                ? time.GetUtcNow() + Grace + Pause
                : null;

        if (HasDoubled(live))
            await builder.MeasureAsync(live, cancellationToken);
        return null;
    }

    private static bool HasDoubled(IndexVersionRow live) => live.Chunks >= Math.Max(VectorTrial.FewestChunks, 2 * live.MeasuredChunks);

    private async Task<IndexVersionRow?> LiveAsync(DueCollection due, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, due.TenantId, cancellationToken);
        return await IndexVersions.LiveAsync(session.Connection, due.TenantId, due.Collection, cancellationToken);
    }

    internal async Task DropClosedAsync(CancellationToken cancellationToken)
    {
        await using var drop = database.CreateCommand("select drop_closed_indexes()");
        await drop.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<DueCollection?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.DoAsync("select set_config('app.upkeep', 'on', true)", [], cancellationToken);
        DueCollection? due = null;
        await using (var command = connection.Statement(
            """
            update index_tasks set due_at = $2
            where (tenant_id, collection) = (select tenant_id, collection from index_tasks where due_at <= $1 order by due_at limit 1 for update skip locked)
            returning tenant_id, collection
            """, time.GetUtcNow(), time.GetUtcNow() + Lease))
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (await row.ReadAsync(cancellationToken))
                due = new DueCollection(row.GetString(0), row.GetString(1));
        }

        await transaction.CommitAsync(cancellationToken);
        return due;
    }

    private Task RenewAsync(DueCollection due, CancellationToken cancellationToken) => PostponeAsync(due, time.GetUtcNow() + Lease, cancellationToken);

    private Task FinishAsync(DueCollection due, DateTimeOffset? again, CancellationToken cancellationToken) =>
        again is { } at ? PostponeAsync(due, at, cancellationToken) : RemoveAsync(due, cancellationToken);

    private async Task PostponeAsync(DueCollection due, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, due.TenantId, cancellationToken);
        await session.Connection.DoAsync(
            "update index_tasks set due_at = $3 where tenant_id = $1 and collection = $2", [due.TenantId, due.Collection, until], cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private async Task RemoveAsync(DueCollection due, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(database, due.TenantId, cancellationToken);
        await session.Connection.DoAsync(
            "delete from index_tasks where tenant_id = $1 and collection = $2", [due.TenantId, due.Collection], cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private sealed record DueCollection(string TenantId, string Collection);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Upkeep of an index failed and is tried again: {Error}: {Reason}")]
        public static partial void Failed(ILogger logger, string error, string reason);
    }
}
