using System.Text.Json;
using Npgsql;
using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Rollups;

/// <summary>What a row of <c>requests</c> counts, read from the row itself, so that it can be taken back to the last digit.</summary>
internal sealed record RequestFacts
{
    /// <summary>Columns that <see cref="Read"/> reads, in its order.</summary>
    public const string Columns = """
        id, tenant_id, project_id, key_id, end_user, purpose, route, request_class, currency, started_at, tags::text, simulated,
        admitted_event_id, completed_event_id, provider, model, status, settlement, cost, baseline, cache, completed_at,
        time_to_first_token_ms, lease_slices::text
        """;

    private const string Ok = "ok";

    public required Guid Id { get; init; }
    public required RowDimensions Dimensions { get; init; }
    public Guid? AdmittedEventId { get; init; }
    public Guid? CompletedEventId { get; init; }
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Status { get; init; } = "";

    /// <summary>Null while the request runs; such a row counts nothing.</summary>
    public string? Settlement { get; init; }
    public decimal Cost { get; init; }
    public decimal? Baseline { get; init; }
    public string Cache { get; init; } = "";
    public DateTimeOffset? CompletedAt { get; init; }
    public double? FirstTokenMs { get; init; }

    /// <summary>Null until the request is known as admitted.</summary>
    public IReadOnlyList<LeaseSlice>? Slices { get; init; }

    public bool Succeeded => Status == Ok;

    /// <summary>What is booked on budgets: the cost, once it is settled and the leases are known.</summary>
    public decimal? Booked => Settlement is null || Slices is null ? null : Cost;

    public static RequestFacts Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Dimensions = RowDimensions.Read(reader),
        AdmittedEventId = reader.IsDBNull(12) ? null : reader.GetGuid(12),
        CompletedEventId = reader.IsDBNull(13) ? null : reader.GetGuid(13),
        Provider = reader.IsDBNull(14) ? "" : reader.GetString(14),
        Model = reader.IsDBNull(15) ? "" : reader.GetString(15),
        Status = reader.IsDBNull(16) ? "" : reader.GetString(16),
        Settlement = reader.IsDBNull(17) ? null : reader.GetString(17),
        Cost = reader.IsDBNull(18) ? 0 : reader.GetDecimal(18),
        Baseline = reader.IsDBNull(19) ? null : reader.GetDecimal(19),
        Cache = reader.IsDBNull(20) ? "" : reader.GetString(20),
        CompletedAt = reader.IsDBNull(21) ? null : reader.GetFieldValue<DateTimeOffset>(21),
        FirstTokenMs = reader.IsDBNull(22) ? null : reader.GetDouble(22),
        Slices = reader.IsDBNull(23) ? null : ReadSlices(reader.GetString(23)),
    };

    private static List<LeaseSlice> ReadSlices(string json) =>
        json == "[]" ? [] : JsonSerializer.Deserialize<List<LeaseSlice>>(json, JsonSerializerOptions.Web) ?? [];
}
