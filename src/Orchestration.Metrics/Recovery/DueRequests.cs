using Npgsql;

namespace Orchestration.Metrics.Recovery;

/// <summary>Finds requests that something has to be done about. Not for use by two rounds at once.</summary>
internal sealed class DueRequests(RecoveryOptions options)
{
    // How long before their time is up requests without a summing up are looked at in every round.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private Guid _after;

    public async Task<Guid[]> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var due = new HashSet<Guid>();
        foreach (var (statement, values) in new (string, object[])[]
        {
            (RecoveryStatements.Open, [options.OpenFor, options.BatchSize]),
            (RecoveryStatements.Unended, [options.OpenFor, options.BatchSize]),
            (RecoveryStatements.Moved, [options.OpenFor, options.BatchSize, options.WatchFor]),
        })
            due.UnionWith(await connection.Command(statement, values).ReadAllAsync(row => row.GetGuid(0), cancellationToken));

        due.UnionWith(await UnsummedAsync(connection, cancellationToken));
        return [.. due];
    }

    /// <summary>
    /// Those whose time is up lately, and a further part of all others: what arrives late for an old request is found when its turn comes.
    /// </summary>
    private async Task<IEnumerable<Guid>> UnsummedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var first = _after;
        var turn = await LookAsync(connection, first, cancellationToken);
        var isLast = turn.Count < options.LookedAt;
        _after = turn.Due.Length == options.BatchSize ? turn.Due[^1] : isLast ? Guid.Empty : turn.Last;
        if (first == Guid.Empty && isLast)
            return turn.Due;

        var fresh = (await connection.Command("SELECT first_uuid_at(now() - $1)", options.OpenFor + Fresh).ReadAllAsync(row => row.GetGuid(0), cancellationToken))[0];
        return turn.Due.Concat((await LookAsync(connection, fresh, cancellationToken)).Due);
    }

    private async Task<Look> LookAsync(NpgsqlConnection connection, Guid after, CancellationToken cancellationToken) =>
        (await connection.Command(RecoveryStatements.Unsummed, options.OpenFor, options.BatchSize, options.WatchFor, after, options.LookedAt).ReadAllAsync(
            row => new Look(row.GetInt32(0), row.Optional<Guid>(1) ?? Guid.Empty, row.GetFieldValue<Guid[]>(2)), cancellationToken))[0];

    private sealed record Look(int Count, Guid Last, Guid[] Due);
}
