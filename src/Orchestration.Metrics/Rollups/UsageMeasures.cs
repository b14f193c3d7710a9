namespace Orchestration.Metrics.Rollups;

/// <summary>
/// What a rollup row sums. Counts of requests and <see cref="Cost"/> come from requests, tokens and <see cref="Billed"/> from
/// attempts; a row of one provider or model holds requests that it answered and attempts that went to it.
/// </summary>
internal abstract class UsageMeasures
{
    /// <summary>Requests that have ended, of any settlement.</summary>
    public long Requests { get; init; }

    /// <summary>Requests whose client saw a failure.</summary>
    public long FailedRequests { get; init; }

    /// <summary>Requests answered from a cache.</summary>
    public long CacheHits { get; init; }

    /// <summary>Requests whose cost is an estimate.</summary>
    public long Estimated { get; init; }

    /// <summary>Requests that were settled in the place of a process that died.</summary>
    public long Recovered { get; init; }

    /// <summary>What the tenant is charged, in <c>currency</c>.</summary>
    public decimal Cost { get; init; }

    /// <summary>What the tenant would have been charged without routing, less <see cref="Cost"/>, where that is known.</summary>
    public decimal Saved { get; init; }

    /// <summary>Attempts that have ended.</summary>
    public long Attempts { get; init; }

    /// <summary>Attempts that did not succeed, cancelled ones among them.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Attempts that answered in the place of the first one of their request.</summary>
    public long Fallbacks { get; init; }

    /// <summary>What the attempts cost, in <c>currency</c>.</summary>
    public decimal Billed { get; init; }

    public long InputTokens { get; init; }
    public long CacheReadTokens { get; init; }
    public long CacheWriteTokens { get; init; }
    public long CacheWriteOneHourTokens { get; init; }
    public long AudioInputTokens { get; init; }
    public long OutputTokens { get; init; }
    public long ReasoningTokens { get; init; }
    public long AudioOutputTokens { get; init; }
    public long SearchUnits { get; init; }
}
