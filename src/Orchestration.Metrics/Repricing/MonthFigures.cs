using System.Data;
using Npgsql;

namespace Orchestration.Metrics.Repricing;

/// <summary>What stands in the ledger for a month.</summary>
/// <param name="Open">Requests that have not ended, or lack the end of an attempt.</param>
/// <param name="Print">Hash of the month's rollups: while it is the same, no settled row of the month came or changed.</param>
/// <param name="Totals">What each tenant was billed, from the rows.</param>
internal sealed record MonthFigures(long Open, string Print, IReadOnlyList<FrozenTotal> Totals)
{
    // Ids only prune partitions: an attempt is never older than its request, and clocks differ by less than a day.
    private const string RequestsOfMonth = """
        requests r WHERE ($1 = '' OR r.tenant_id = $1) AND r.started_at >= $2 AND r.started_at < $3
            AND r.id >= first_uuid_at($2 - interval '1 day') AND r.id < first_uuid_at($3 + interval '1 day')
        """;

    private const string AttemptsOfMonth = """
        attempts a WHERE ($1 = '' OR a.tenant_id = $1) AND a.request_started_at >= $2 AND a.request_started_at < $3
            AND a.id >= first_uuid_at($2 - interval '1 day') AND a.id < first_uuid_at($3 + interval '3 days')
        """;

    // What a dead process left is settled as recovered, and then it is not open any more. The conditions are those of partial indexes.
    private const string Unsettled = $"""
        SELECT (SELECT count(*) FROM {RequestsOfMonth} AND r.completed_event_id IS NULL AND r.settlement IS NULL)
             + (SELECT count(DISTINCT a.request_id) FROM {AttemptsOfMonth} AND a.finished_event_id IS NULL AND a.settlement IS NULL
                  AND NOT EXISTS (SELECT FROM requests r WHERE r.id = a.request_id AND r.settlement IS NULL))
        """;

    private const string Incomplete = $"""
        WITH ended AS (
            SELECT a.tenant_id, a.request_id, count(*) AS attempts FROM {AttemptsOfMonth} AND a.settlement IS NOT NULL GROUP BY 1, 2)
        SELECT count(*) FROM (SELECT r.tenant_id, r.id, r.attempt_count FROM {RequestsOfMonth} AND r.attempt_count > 0) r
        LEFT JOIN ended e ON e.tenant_id = r.tenant_id AND e.request_id = r.id
        WHERE r.attempt_count > coalesce(e.attempts, 0)
        """;

    private const string Billed = $"""
        SELECT a.tenant_id, a.currency, a.simulated, count(*), sum(a.billed) FROM {AttemptsOfMonth} AND a.billed IS NOT NULL
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    // Whole days of UTC, and the quarters of hours at both ends of a month of another zone.
    private const string Rollups = """
        WITH RECURSIVE tenants (id) AS (
            SELECT CASE WHEN $1 = '' THEN (SELECT min(tenant_id) FROM usage_slices) ELSE $1 END COLLATE "C"
            UNION ALL
            SELECT (SELECT u.tenant_id FROM usage_slices u WHERE u.tenant_id > tenants.id ORDER BY u.tenant_id LIMIT 1)
            FROM tenants WHERE $1 = '' AND tenants.id IS NOT NULL),
        days AS (SELECT date_trunc('day', $2 + interval '1 day' - interval '1 microsecond', 'UTC') AS first, date_trunc('day', $3, 'UTC') AS last),
        ranges AS (
            SELECT r.* FROM days CROSS JOIN LATERAL (VALUES ('quarter', $2, first), ('day', first, last), ('quarter', last, $3)) r (grain, starts, ends))
        SELECT md5(coalesce(string_agg(s::text, ';' ORDER BY s::text), ''))
        FROM (
            SELECT t.id, p.currency, p.simulated, sum(p.requests), sum(p.recovered), sum(p.attempts), sum(p.cost), sum(p.billed)
            FROM tenants t CROSS JOIN ranges r CROSS JOIN LATERAL (
                SELECT u.currency, u.simulated, u.requests, u.recovered, u.attempts, u.cost, u.billed FROM usage_slices u
                WHERE u.tenant_id = t.id AND u.dimension = 'total' AND u.grain = r.grain AND u.bucket >= r.starts AND u.bucket < r.ends OFFSET 0) p
            WHERE t.id IS NOT NULL GROUP BY 1, 2, 3) s
        """;

    /// <summary>
    /// Reads all rows of the month from one state of the ledger, however long that takes. It locks nothing: whoever acts on it
    /// asks <see cref="IsStillTrueAsync"/> when it has locked.
    /// </summary>
    public static async Task<MonthFigures> ReadAsync(NpgsqlDataSource dataSource, string tenantId, MonthPeriod period, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await connection.Command("SELECT set_config('statement_timeout', '0', true), set_config('work_mem', '64MB', true)").ExecuteAsync(cancellationToken);
        var print = await AskAsync<string>(connection, Rollups, tenantId, period, cancellationToken);
        var open = await AskAsync<long>(connection, Unsettled, tenantId, period, cancellationToken);
        if (open == 0)
            open = await AskAsync<long>(connection, Incomplete, tenantId, period, cancellationToken);
        if (open > 0)
            return new MonthFigures(open, print, []);

        var totals = await Patient(connection, Billed, tenantId, period).ReadAllAsync(
            row => new FrozenTotal(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetInt64(3), row.GetDecimal(4)), cancellationToken);
        return new MonthFigures(0, print, totals);
    }

    /// <summary>True while a month without open requests has none and the same figures. Reads no rows that are settled.</summary>
    public async Task<bool> IsStillTrueAsync(NpgsqlConnection connection, string tenantId, MonthPeriod period, CancellationToken cancellationToken) =>
        await AskAsync<string>(connection, Rollups, tenantId, period, cancellationToken) == Print
        && await AskAsync<long>(connection, Unsettled, tenantId, period, cancellationToken) == 0;

    private static async Task<TAnswer> AskAsync<TAnswer>(
        NpgsqlConnection connection, string question, string tenantId, MonthPeriod period, CancellationToken cancellationToken)
    {
        await using var command = Patient(connection, question, tenantId, period);
        return (TAnswer)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static NpgsqlCommand Patient(NpgsqlConnection connection, string question, string tenantId, MonthPeriod period)
    {
        var command = connection.Command(question, tenantId, period.From, period.To);
        command.CommandTimeout = 0;
        return command;
    }
}
