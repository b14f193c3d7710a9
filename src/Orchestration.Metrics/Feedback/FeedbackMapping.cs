using Google.Protobuf.WellKnownTypes;

namespace Orchestration.Metrics.Feedback;

internal static class FeedbackMapping
{
    public static Contracts.Metrics.V1.Feedback ToMessage(this RequestFeedback feedback)
    {
        var message = new Contracts.Metrics.V1.Feedback { RequestId = feedback.RequestId.ToString("D"), Outcome = feedback.Outcome ?? "", GivenAt = feedback.GivenAt.ToTimestamp() };
        if (feedback.Rating is { } rating)
            message.Rating = rating;
        return message;
    }
}
