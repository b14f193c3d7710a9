using System.Text.Json.Serialization;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Journal;

/// <summary>One request as the simulator saw it; written at its start and completed in place.</summary>
internal sealed class JournalEntry
{
    public required long Seq { get; init; }

    /// <summary>The id that the answer carries.</summary>
    public required string Id { get; init; }

    public required string Vendor { get; init; }

    public required string Model { get; init; }

    /// <summary>"chat", "embeddings" or "rerank".</summary>
    public required string Kind { get; init; }

    /// <summary>The caller's own id of its attempt, from x-orchestration-attempt.</summary>
    public string? Attempt { get; init; }

    /// <summary>The caller's trace, 32 hex digits, from traceparent.</summary>
    public string? TraceId { get; init; }

    /// <summary>The caller's x-request-id or x-client-request-id.</summary>
    public string? ClientRequestId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public bool Stream { get; set; }

    /// <summary>The fault that was applied, as it would be written behind a model name.</summary>
    public string? Fault { get; set; }

    public int Status { get; set; }

    public int InputTokens { get; set; }

    public int CachedTokens { get; set; }

    /// <summary>Part of the input that was written to the vendor's cache.</summary>
    public int CacheWriteTokens { get; set; }

    /// <summary>Units that a vendor bills reranking by in place of tokens.</summary>
    public int SearchUnits { get; set; }

    /// <summary>Tokens of the answer that were sent, reasoning included.</summary>
    public int OutputTokens { get; set; }

    public int ReasoningTokens { get; set; }

    /// <summary>Tokens of the answer that were generated, and are charged: more than were sent when the client left and the vendor went on, or never got to see the answer.</summary>
    public int? GeneratedTokens { get; set; }

    /// <summary>Tokens that had been sent when the client left; absent when it stayed.</summary>
    public int? LeftAtTokens { get; set; }

    /// <summary>Whether the vendor went on generating when the client had left; absent when it stayed.</summary>
    public bool? WentOn { get; set; }

    /// <summary>The member that the vendor refused the request for.</summary>
    public string? Refused { get; set; }

    /// <summary>Last letters of the key that was shown.</summary>
    public string? KeyEnd { get; set; }

    public int Images { get; set; }

    public long BytesSent { get; set; }

    public string Outcome { get; set; } = JournalOutcome.Running;

    public double DurationMs { get; set; }

    /// <summary>What the tokens, all that were generated, cost at the list price of a short ordinary request; absent for a model without price.</summary>
    public decimal? ListCost => Price is null
        ? null
        : ((InputTokens - CachedTokens - CacheWriteTokens) * Price.Input + CachedTokens * Price.CachedInput
            + CacheWriteTokens * (Price.CacheWrite ?? Price.Input) + (GeneratedTokens ?? OutputTokens) * Price.Output) / 1_000_000m + SearchUnits * Price.PerSearch;

    public string? Currency => Price?.Currency;

    [JsonIgnore]
    public PriceRecord? Price { get; init; }
}

internal static class JournalOutcome
{
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cut = "cut";
    public const string Aborted = "aborted";
}
