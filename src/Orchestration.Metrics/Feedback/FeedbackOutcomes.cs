namespace Orchestration.Metrics.Feedback;

/// <summary>What may become of an answer.</summary>
internal static class FeedbackOutcomes
{
    public static readonly IReadOnlyList<string> All = ["accepted", "rejected", "regenerated", "edited", "refused", "invalid"];
}
