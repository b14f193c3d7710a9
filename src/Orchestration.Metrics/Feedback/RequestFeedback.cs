namespace Orchestration.Metrics.Feedback;

/// <summary>What a tenant said last of one of its requests.</summary>
internal sealed class RequestFeedback
{
    public required Guid RequestId { get; init; }

    public required string TenantId { get; init; }

    /// <summary>-1 to 1; null when only the outcome was told.</summary>
    public required double? Rating { get; init; }

    /// <summary>One of <see cref="FeedbackOutcomes"/>; null when only a rating was given.</summary>
    public required string? Outcome { get; init; }

    public required DateTimeOffset GivenAt { get; init; }
}
