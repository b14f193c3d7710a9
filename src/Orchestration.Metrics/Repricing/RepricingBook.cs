using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Repricing;

/// <summary>Outcome of asking for another state.</summary>
internal abstract record RepricingMove
{
    private RepricingMove()
    {
    }

    internal sealed record Done : RepricingMove;

    internal sealed record Unknown : RepricingMove;

    internal sealed record Refused(string Reason) : RepricingMove;
}

/// <summary>Re-pricings and how they go from state to state; the work itself is done by <see cref="RepricingWorker"/>.</summary>
internal sealed class RepricingBook(IDbContextFactory<MetricsDbContext> contexts, TimeProvider timeProvider)
{
    // Whoever has changed the same attempts since this one was computed, or is changing them now.
    private static readonly string ChangedSince = Later("'applied', 'reversed'");

    // Whoever counts for the same attempts since this one was applied, or is changing them now. One that was reversed left them as this one had made them.
    private static readonly string CountsSince = Later("'applied'");

    private const string ClosedSince = """
        SELECT EXISTS (
            SELECT FROM repriced_attempts mine JOIN closed_months m ON m.tenant_id IN ('', mine.tenant_id)
             AND mine.request_started_at >= m.period_from AND mine.request_started_at < m.period_to
            WHERE mine.repricing_id = {0} AND mine.state = 'applied') AS "Value"
        """;

    public async Task<Guid> PrepareAsync(PrepareRepricingRequest request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = timeProvider.GetUtcNow();
        var row = new RepricingRow
        {
            Id = Guid.CreateVersion7(now),
            Request = JsonFormatter.Default.Format(request),
            PeriodFrom = request.PeriodFrom.ToDateTimeOffset(),
            PeriodTo = request.PeriodTo.ToDateTimeOffset(),
            CreatedAt = now,
            ChangedAt = now,
        };
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return row.Id;
    }

    /// <summary>Null when there is no such re-pricing.</summary>
    public async Task<Contracts.Metrics.V1.Repricing?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Repricings.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken) is not { } row) return null;
        var repricing = RepricingMapping.ToWire(row);
        repricing.Differences.AddRange(await RepricingDiff.ReadAsync(db, id, cancellationToken));
        var states = await db.RepricedAttempts.Where(a => a.RepricingId == id).GroupBy(a => a.State).Select(g => new { g.Key, Count = g.LongCount() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        repricing.AttemptsApplied = states.GetValueOrDefault(RepricedAttempt.Applied) + states.GetValueOrDefault(RepricedAttempt.Adjusted);
        repricing.AttemptsStale = states.GetValueOrDefault(RepricedAttempt.Stale);
        return repricing;
    }

    public async Task<IReadOnlyList<Contracts.Metrics.V1.Repricing>> ListAsync(int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await db.Repricings.AsNoTracking().OrderByDescending(r => r.Id).Take(count).ToListAsync(cancellationToken)).Select(RepricingMapping.ToWire)];
    }

    public Task<RepricingMove> ApplyAsync(Guid id, CancellationToken cancellationToken) =>
        MoveAsync(id, [RepricingStates.Prepared], RepricingStates.Applying, cancellationToken);

    public Task<RepricingMove> ReverseAsync(Guid id, CancellationToken cancellationToken) =>
        MoveAsync(id, [RepricingStates.Applied], RepricingStates.Reversing, cancellationToken);

    /// <summary>What has counted so far is changed back.</summary>
    public Task<RepricingMove> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        MoveAsync(id, [RepricingStates.Preparing, RepricingStates.Prepared, RepricingStates.Applying], RepricingStates.Cancelling, cancellationToken);

    private async Task<RepricingMove> MoveAsync(Guid id, string[] from, string to, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // One at a time, so that of two that overlap the second is checked against the first.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('repricings'))", cancellationToken);
        if (await db.Repricings.FromSql($"SELECT * FROM repricings WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancellationToken) is not { } row) return new RepricingMove.Unknown();
        if (!from.Contains(row.State)) return new RepricingMove.Refused($"It is {row.State}.");
        if (to == RepricingStates.Applying && await AskAsync(db, ChangedSince, id, row.CreatedAt, cancellationToken))
            return new RepricingMove.Refused("Another re-pricing changed the same attempts since it was prepared; prepare it again.");
        if (to == RepricingStates.Reversing && await AskAsync(db, CountsSince, id, row.ChangedAt, cancellationToken))
            return new RepricingMove.Refused("A later re-pricing counts for the same attempts; reverse that one first.");
        if (to == RepricingStates.Reversing && await AskAsync(db, ClosedSince, id, row.ChangedAt, cancellationToken))
            return new RepricingMove.Refused("A month that it changed was closed since; prepare a re-pricing with the prices before.");
        (row.State, row.ChangedAt) = (to, timeProvider.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RepricingMove.Done();
    }

    private static string Later(string states) => $$"""
        SELECT EXISTS (
            SELECT FROM repriced_attempts mine
            JOIN repriced_attempts other ON other.attempt_id = mine.attempt_id AND other.repricing_id <> mine.repricing_id
            JOIN repricings r ON r.id = other.repricing_id AND (r.state IN ('applying', 'reversing', 'cancelling') OR r.state IN ({{states}}) AND r.changed_at > {1})
            WHERE mine.repricing_id = {0}) AS "Value"
        """;

    private static Task<bool> AskAsync(MetricsDbContext db, string question, Guid id, DateTimeOffset since, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<bool>(question, id, since).SingleAsync(cancellationToken);
}
