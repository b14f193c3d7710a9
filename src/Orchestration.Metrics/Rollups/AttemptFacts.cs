using Npgsql;

namespace Orchestration.Metrics.Rollups;

/// <summary>What a row of <c>attempts</c> counts, as <see cref="RequestFacts"/> does for a request.</summary>
internal sealed record AttemptFacts
{
    /// <summary>Columns that <see cref="Read"/> reads, in its order.</summary>
    public const string Columns = """
        id, tenant_id, project_id, key_id, end_user, purpose, route, request_class, currency, request_started_at, tags::text, simulated,
        started_event_id, finished_event_id, provider, model, ordinal, outcome, failure_code, settlement, cost, cost_currency, billed,
        time_to_first_token_ms, duration_ms, input_tokens, cache_read_tokens, cache_write_tokens, cache_write_one_hour_tokens,
        audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, search_units
        """;

    private const int FirstCount = 25;
    private const int CountsOfTokens = 9;

    public required Guid Id { get; init; }
    public required RowDimensions Dimensions { get; init; }
    public Guid? StartedEventId { get; init; }
    public Guid? FinishedEventId { get; init; }
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public int Ordinal { get; init; }
    public string Outcome { get; init; } = "";
    public string FailureCode { get; init; } = "";

    /// <summary>Null while the attempt runs; such a row counts nothing.</summary>
    public string? Settlement { get; init; }
    public decimal Cost { get; init; }
    public string CostCurrency { get; init; } = "";
    public decimal Billed { get; init; }
    public double? FirstTokenMs { get; init; }
    public double? DurationMs { get; init; }

    /// <summary>Token classes in the order of the columns, searches last.</summary>
    public required IReadOnlyList<long> Tokens { get; init; }

    public bool Succeeded => Outcome == "succeeded";

    public static AttemptFacts Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Dimensions = RowDimensions.Read(reader),
        StartedEventId = reader.IsDBNull(12) ? null : reader.GetGuid(12),
        FinishedEventId = reader.IsDBNull(13) ? null : reader.GetGuid(13),
        Provider = reader.GetString(14),
        Model = reader.GetString(15),
        Ordinal = reader.GetInt32(16),
        Outcome = reader.IsDBNull(17) ? "" : reader.GetString(17),
        FailureCode = reader.IsDBNull(18) ? "" : reader.GetString(18),
        Settlement = reader.IsDBNull(19) ? null : reader.GetString(19),
        Cost = reader.IsDBNull(20) ? 0 : reader.GetDecimal(20),
        CostCurrency = reader.IsDBNull(21) ? "" : reader.GetString(21),
        Billed = reader.IsDBNull(22) ? 0 : reader.GetDecimal(22),
        FirstTokenMs = reader.IsDBNull(23) ? null : reader.GetDouble(23),
        DurationMs = reader.IsDBNull(24) ? null : reader.GetDouble(24),
        Tokens = [.. Enumerable.Range(FirstCount, CountsOfTokens).Select(column => reader.IsDBNull(column) ? 0 : reader.GetInt64(column))],
    };
}
