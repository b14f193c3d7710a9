using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

internal static class RequestRules
{
    public static string? Check(RequestAdmitted admitted) =>
        Rules.Id("request_id", admitted.RequestId)
        ?? Rules.Dimensions(admitted.Dimensions)
        ?? Rules.Text("requested_model", admitted.RequestedModel)
        ?? Rules.Money("reserved", admitted.Reserved)
        ?? Slices(admitted.LeaseSlices);

    public static string? Check(RequestCompleted completed) =>
        Rules.Id("request_id", completed.RequestId)
        ?? Rules.Dimensions(completed.Dimensions)
        ?? Rules.Text("requested_model", completed.RequestedModel)
        ?? Rules.Text("provider", completed.Provider)
        ?? Rules.Text("model", completed.Model)
        ?? Rules.Text("status", completed.Status)
        ?? Rules.Settlement(completed.Settlement)
        ?? Rules.Money("cost", completed.Cost)
        ?? (completed.Baseline is { } baseline ? Rules.Money("baseline", baseline) : null)
        ?? Rules.Count("attempt_count", completed.AttemptCount)
        ?? Rules.OneOf("cache", completed.Cache, "hit", "semantic_hit", "miss", "bypass")
        ?? Rules.Moment("completed_at", completed.CompletedAt)
        ?? Rules.Milliseconds("time_to_first_token_ms", completed.TimeToFirstTokenMs);

    private static string? Slices(IReadOnlyList<LeaseSlice>? slices)
    {
        if (slices is null)
            return "lease_slices: missing";

        foreach (var slice in slices)
        {
            if (slice is null)
                return "lease_slices: missing";
            if ((Rules.Id("lease_id", slice.LeaseId) ?? Rules.Money("lease amount", slice.Amount)) is { } reason)
                return reason;
        }

        return null;
    }
}
