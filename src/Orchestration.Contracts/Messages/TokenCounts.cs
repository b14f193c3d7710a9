namespace Orchestration.Contracts.Messages;

/// <summary>Token counts in disjoint classes; they sum to the total. All zero or more.</summary>
public sealed record TokenCounts
{
    /// <summary>Prompt tokens neither read from nor written to a cache.</summary>
    public long Input { get; init; }

    /// <summary>Prompt tokens read from the provider's cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Prompt tokens written to the provider's cache.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Prompt tokens written to the provider's cache for one hour.</summary>
    public long CacheWrite1H { get; init; }

    /// <summary>Audio tokens of the prompt.</summary>
    public long AudioInput { get; init; }

    /// <summary>Visible completion tokens.</summary>
    public long Output { get; init; }

    /// <summary>Reasoning tokens.</summary>
    public long Reasoning { get; init; }

    /// <summary>Audio tokens of the completion.</summary>
    public long AudioOutput { get; init; }

    /// <summary>Billed searches.</summary>
    public long SearchUnits { get; init; }
}
