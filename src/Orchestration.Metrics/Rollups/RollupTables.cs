using System.Collections.Immutable;

namespace Orchestration.Metrics.Rollups;

/// <summary>The rollup tables as they are written; keys in the order of their unique index.</summary>
internal static class RollupTables
{
    /// <summary>Columns of counts of slices and cells.</summary>
    public static readonly ImmutableArray<string> UsageCounts =
    [
        "requests", "failed_requests", "cache_hits", "estimated", "recovered", "attempts", "failed_attempts", "fallbacks",
        "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_one_hour_tokens", "audio_input_tokens",
        "output_tokens", "reasoning_tokens", "audio_output_tokens", "search_units",
    ];

    /// <summary>Columns of amounts of slices and cells.</summary>
    public static readonly ImmutableArray<string> UsageAmounts = ["cost", "saved", "billed"];

    public static RollupTable Slices { get; } = new(
        "usage_slices",
        ["tenant_id", "dimension", "grain", "bucket", "value", "detail", "currency", "simulated"],
        [.. UsageCounts],
        [.. UsageAmounts]);

    public static RollupTable Cells { get; } = new(
        "usage_cells",
        ["tenant_id", "bucket", "project_id", "key_id", "provider", "model", "route", "request_class", "purpose", "currency", "simulated"],
        [.. UsageCounts],
        [.. UsageAmounts]);

    public static RollupTable Failures { get; } = new(
        "usage_failures",
        ["tenant_id", "bucket", "of_attempts", "code", "project_id", "key_id", "provider", "model", "simulated"],
        ["count"],
        []);

    public static RollupTable ProviderCosts { get; } = new(
        "provider_costs",
        ["tenant_id", "bucket", "provider", "model", "cost_currency", "currency", "simulated"],
        ["attempts"],
        ["cost", "billed"]);

    /// <summary>Counts of a request in the order of the columns; the attempts' part stays zero.</summary>
    public static long[] CountsOf(RequestFacts request) =>
    [
        1,
        request.Succeeded ? 0 : 1,
        request.Cache is "hit" or "semantic_hit" ? 1 : 0,
        request.Settlement == "estimated" ? 1 : 0,
        request.Settlement == "recovered" ? 1 : 0,
    ];

    public static decimal[] AmountsOf(RequestFacts request) =>
        [request.Cost, request.Baseline is { } baseline ? baseline - request.Cost : 0];

    public static long[] CountsOf(AttemptFacts attempt) =>
    [
        0, 0, 0, 0, 0,
        1,
        attempt.Succeeded ? 0 : 1,
        attempt.Succeeded && attempt.Ordinal > 0 ? 1 : 0,
        .. attempt.Tokens,
    ];

    public static decimal[] AmountsOf(AttemptFacts attempt) => [0, 0, attempt.Billed];
}
