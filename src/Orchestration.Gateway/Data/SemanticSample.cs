namespace Orchestration.Gateway.Data;

/// <summary>What became of an answer that was given again, or would have been.</summary>
internal sealed class SemanticSample
{
    public required string TenantId { get; init; }

    /// <summary>Of the entry that it was about.</summary>
    public required byte[] Partition { get; init; }

    /// <summary>UUIDv7 of the request.</summary>
    public required Guid RequestId { get; init; }

    public required string ProjectId { get; init; }

    public required string Route { get; init; }

    /// <summary>When it was written, or judged.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>Likelihood of one answer as it was held to be then, 0 to 1.</summary>
    public required double Similarity { get; init; }

    /// <summary>Whether the answers agreed; null for an answer that was given again and of which nobody has said anything.</summary>
    public bool? Agreed { get; set; }

    /// <summary>The two questions, encrypted.</summary>
    public required byte[] Content { get; init; }
}
