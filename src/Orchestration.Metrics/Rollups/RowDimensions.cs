using System.Text.Json;
using Npgsql;

namespace Orchestration.Metrics.Rollups;

/// <summary>The dimensions of a ledger row, as they stand in its columns.</summary>
internal sealed record RowDimensions
{
    private static readonly Dictionary<string, string> NoTags = [];

    public required string TenantId { get; init; }
    public required string ProjectId { get; init; }
    public required string KeyId { get; init; }
    public required string EndUser { get; init; }
    public required string Purpose { get; init; }
    public required string Route { get; init; }
    public required string RequestClass { get; init; }
    public required string Currency { get; init; }

    /// <summary>Start of the request, which fixes every period that the row counts in.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
    public required bool Simulated { get; init; }

    /// <summary>Reads columns 1 to 11.</summary>
    public static RowDimensions Read(NpgsqlDataReader reader) => new()
    {
        TenantId = reader.GetString(1),
        ProjectId = reader.GetString(2),
        KeyId = reader.GetString(3),
        EndUser = reader.GetString(4),
        Purpose = reader.GetString(5),
        Route = reader.GetString(6),
        RequestClass = reader.GetString(7),
        Currency = reader.GetString(8),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(9),
        Tags = ReadTags(reader.GetString(10)),
        Simulated = reader.GetBoolean(11),
    };

    private static Dictionary<string, string> ReadTags(string json) =>
        json == "{}" ? NoTags : JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? NoTags;
}
