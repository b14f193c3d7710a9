using Npgsql;
using Orchestration.Metrics.Repricing;

namespace Orchestration.Metrics.Reconciliation.Invoices;

/// <summary>What the ledger recorded for a model and a day, in the provider's currency.</summary>
internal sealed record RecordedLine(DateOnly Day, string Model, decimal Amount, decimal Unsure, long Attempts);

/// <summary>Sums attempts as a provider would.</summary>
internal sealed class RecordedSpend(NpgsqlDataSource dataSource)
{
    // What lines made of attempts of closed months counts here as it does for tenants, though their rows stay as they are.
    private const string Sum = $"""
        SELECT (c.started_at AT TIME ZONE 'UTC')::date, c.model, sum(c.cost),
            coalesce(sum(c.cost) FILTER (WHERE c.settlement IN ('estimated', 'recovered')), 0), sum(c.attempts)::bigint
        FROM (
            SELECT a.started_at, a.model, a.settlement, a.cost, 1 AS attempts FROM attempts a WHERE {Charged}
            UNION ALL
            SELECT a.started_at, a.model, a.settlement, x.cost_after - x.cost_before, 0
            FROM repriced_attempts x JOIN attempts a ON a.id = x.attempt_id WHERE x.state = '{RepricedAttempt.Adjusted}' AND {Charged}) c
        GROUP BY 1, 2
        """;

    private const string Charged = """
        a.id >= first_uuid_at($1 - interval '1 hour') AND a.id < first_uuid_at($2 + interval '1 hour')
        AND a.started_at >= $1 AND a.started_at < $2
        AND a.provider = $3 AND a.cost_currency = $4 AND NOT a.simulated AND a.settlement IS NOT NULL
        """;

    public async Task<IReadOnlyList<RecordedLine>> OfAsync(
        string provider, string currency, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sum);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = new DateTimeOffset(last.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = provider });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = currency });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<RecordedLine>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var day = await reader.GetFieldValueAsync<DateOnly>(0, cancellationToken);
            lines.Add(new RecordedLine(day, reader.GetString(1), reader.GetDecimal(2), reader.GetDecimal(3), reader.GetInt64(4)));
        }

        return lines;
    }
}
