using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Repricing;

/// <summary>
/// What re-pricings made of attempts of closed months by adjustment lines. It ends when the attempt's own event puts another amount in the place
/// of the one that they were computed from: the row says then what the provider charges, as it does in an open month.
/// </summary>
internal static class AdjustedAttempts
{
    // Whoever makes or reverses lines of an attempt has locked it too, so that its rows here stand still.
    private const string End = $"""
        WITH ended AS (
            UPDATE repriced_attempts SET state = '{RepricedAttempt.Stale}' WHERE attempt_id = ANY ($1) AND state = '{RepricedAttempt.Adjusted}'
            RETURNING attempt_id, billed_after - billed_before AS difference)
        SELECT attempt_id, sum(difference) FROM ended GROUP BY attempt_id
        """;

    private static readonly Dictionary<Guid, decimal> None = [];

    /// <summary>True when an event was told of an attempt that the ledger had settled in its place.</summary>
    public static bool IsReplaced(AttemptFacts? before, AttemptFacts after) =>
        before is { Settlement: not null, FinishedEventId: null } && after.FinishedEventId is not null;

    /// <summary>Ends the lines of locked attempts. Tells by how much lines had moved what each was billed; it is to be taken back.</summary>
    public static async Task<IReadOnlyDictionary<Guid, decimal>> EndAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> attempts, CancellationToken cancellationToken)
    {
        if (attempts.Count == 0)
            return None;

        var ended = await connection.Command(End, attempts.ToArray()).ReadAllAsync(row => (Attempt: row.GetGuid(0), Difference: row.GetDecimal(1)), cancellationToken);
        return ended.ToDictionary(row => row.Attempt, row => row.Difference);
    }
}
