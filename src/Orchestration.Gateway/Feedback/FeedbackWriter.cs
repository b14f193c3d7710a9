using System.Text.Json;

namespace Orchestration.Gateway.Feedback;

/// <summary>What a tenant said of a request, as JSON.</summary>
internal static class FeedbackWriter
{
    public static void WriteMembers(Utf8JsonWriter writer, Contracts.Metrics.V1.Feedback given)
    {
        if (given.HasRating)
            writer.WriteNumber("rating"u8, given.Rating);
        if (given.Outcome.Length > 0)
            writer.WriteString("outcome"u8, given.Outcome);
        writer.WriteString("given_at"u8, given.GivenAt.ToDateTimeOffset());
    }
}
