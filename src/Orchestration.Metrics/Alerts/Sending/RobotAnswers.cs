using System.Text.Json;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>Reads what group robots answer: they refuse with HTTP 200 and a code in the body.</summary>
internal static class RobotAnswers
{
    // Robots that are called too often stay closed until their minute is over, or longer.
    private static readonly TimeSpan Closed = TimeSpan.FromMinutes(1);

    /// <param name="outcome">What came of the call.</param>
    /// <param name="code">Member that is 0 when the message was taken.</param>
    /// <param name="message">Member with words to it.</param>
    /// <param name="tooOften">Codes that mean that the robot was called too often.</param>
    public static ChannelAnswer Read(PostOutcome outcome, string code, string message, params ReadOnlySpan<long> tooOften)
    {
        if (outcome is not PostOutcome.Answered answered)
            return new ChannelAnswer(false, 0, ((PostOutcome.Failed)outcome).Reason);
        if (!answered.IsSuccess)
            return new ChannelAnswer(false, answered.Status, answered.Body, answered.RetryAfter);
        if (!TryRead(answered.Body, code, message, out var told, out var words))
            return new ChannelAnswer(false, answered.Status, "The answer is not a robot's: " + answered.Body);

        return told == 0
            ? new ChannelAnswer(true, answered.Status, words)
            : new ChannelAnswer(false, answered.Status, FormattableString.Invariant($"{code} {told}: {words}"), tooOften.Contains(told) ? Closed : null);
    }

    private static bool TryRead(string body, string code, string message, out long told, out string words)
    {
        (told, words) = (0, "");
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty(code, out var number)
                || number.ValueKind != JsonValueKind.Number
                || !number.TryGetInt64(out told))
                return false;

            words = json.RootElement.TryGetProperty(message, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
