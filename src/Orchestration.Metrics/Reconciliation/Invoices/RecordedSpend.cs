using Npgsql;

namespace Orchestration.Metrics.Reconciliation.Invoices;

/// <summary>What the ledger recorded for a model and a day, in the provider's currency.</summary>
internal sealed record RecordedLine(DateOnly Day, string Model, decimal Amount, decimal Unsure, long Attempts);

/// <summary>Sums attempts as a provider would.</summary>
internal sealed class RecordedSpend(NpgsqlDataSource dataSource)
{
    private const string Sum = """
        SELECT (a.started_at AT TIME ZONE 'UTC')::date, a.model, sum(a.cost),
            coalesce(sum(a.cost) FILTER (WHERE a.settlement IN ('estimated', 'recovered')), 0), count(*)
        FROM attempts a
        WHERE a.id >= first_uuid_at($1 - interval '1 hour') AND a.id < first_uuid_at($2 + interval '1 hour')
          AND a.started_at >= $1 AND a.started_at < $2
          AND a.provider = $3 AND a.cost_currency = $4 AND NOT a.simulated AND a.settlement IS NOT NULL
        GROUP BY 1, 2
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
