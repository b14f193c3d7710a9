using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Quarantining;

/// <summary>Events that were put aside: shows them, runs them again, or gives them up. None is deleted that waits.</summary>
internal sealed class QuarantinedEvents(IDbContextFactory<MetricsDbContext> contexts, LedgerWriter writer, TimeProvider timeProvider)
{
    public const string Waiting = "waiting";
    public const string Replayed = "replayed";
    public const string Discarded = "discarded";

    /// <summary>Events by id, the highest first; of any state when none is given.</summary>
    public async Task<List<QuarantinedEvent>> ListAsync(string? state, Guid? before, int count, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var events = context.QuarantinedEvents.AsNoTracking();
        if (state is not null)
            events = events.Where(item => item.State == state);
        if (before is { } last)
            events = events.Where(item => item.EventId < last);
        return await events.OrderByDescending(item => item.EventId).Take(count).ToListAsync(cancellationToken);
    }

    public async Task<QuarantinedEvent?> FindAsync(Guid eventId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.QuarantinedEvents.AsNoTracking().SingleOrDefaultAsync(item => item.EventId == eventId, cancellationToken);
    }

    /// <summary>Runs a waiting event again; what the ledger refuses once more waits on.</summary>
    public async Task<Decision> ReplayAsync(Guid eventId, string actor, CancellationToken cancellationToken)
    {
        if (await FindAsync(eventId, cancellationToken) is not { } found)
            return new Decision.Unknown();

        // It counts if and only if it is marked, whoever decides at the same time.
        if (found.State == Waiting)
            await writer.ReplayAsync(Restore(found), (connection, token) => MarkReplayedAsync(connection, eventId, actor, token), cancellationToken);
        return await FindAsync(eventId, cancellationToken) switch
        {
            null => new Decision.Unknown(),
            { State: Discarded } discarded => new Decision.Taken(discarded),
            { } decided => new Decision.Made(decided),
        };
    }

    public async Task<Decision> DiscardAsync(Guid eventId, string actor, CancellationToken cancellationToken)
    {
        await MarkDiscardedAsync(eventId, actor, cancellationToken);
        return await FindAsync(eventId, cancellationToken) switch
        {
            null => new Decision.Unknown(),
            { State: Discarded } found => new Decision.Made(found),
            { } found => new Decision.Taken(found),
        };
    }

    private async Task<bool> MarkReplayedAsync(NpgsqlConnection connection, Guid eventId, string actor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "UPDATE quarantined_events SET state = 'replayed', decided_by = $2, decided_at = $3 WHERE event_id = $1 AND state = 'waiting'", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = eventId },
                new NpgsqlParameter<string> { TypedValue = actor },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = timeProvider.GetUtcNow() },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private async Task MarkDiscardedAsync(Guid eventId, string actor, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.QuarantinedEvents
            .Where(item => item.EventId == eventId && item.State == Waiting)
            .ExecuteUpdateAsync(
                update => update.SetProperty(item => item.State, Discarded).SetProperty(item => item.DecidedBy, actor).SetProperty(item => item.DecidedAt, now),
                cancellationToken);
    }

    private static SequencedEvent Restore(QuarantinedEvent stored) => new(stored.Instance, stored.Sequence, new LedgerEvent
    {
        EventId = stored.EventId,
        Type = stored.Type,
        PayloadVersion = stored.PayloadVersion,
        OccurredAt = stored.OccurredAt ?? DateTimeOffset.MinValue,
        TraceParent = stored.TraceParent,
        Payload = stored.Payload,
    });
}

/// <summary>What became of a decision about an event.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    internal sealed record Unknown : Decision;

    /// <summary>Another decision stands.</summary>
    internal sealed record Taken(QuarantinedEvent Event) : Decision;

    internal sealed record Made(QuarantinedEvent Event) : Decision;
}
