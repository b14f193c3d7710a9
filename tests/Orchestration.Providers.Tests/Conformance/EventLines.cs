using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Providers.Tests.Conformance;

/// <summary>Events and failures as lines that people can write and read.</summary>
internal static class EventLines
{
    public static IReadOnlyList<string> Of(IEnumerable<ChatEvent> events, bool usageSuspect) =>
        [.. events.Select(e => e.Usage is not null && usageSuspect ? Describe(e) + " suspect" : Describe(e))];

    public static string Of(Failure failure)
    {
        var wait = failure.RetryAfter is null ? "" : FormattableString.Invariant($" after {failure.RetryAfter.ToTimeSpan().TotalSeconds}s");
        return $"{failure.FailureClass} {failure.Code}{wait}";
    }

    private static string Describe(ChatEvent item) => item.EventCase switch
    {
        ChatEvent.EventOneofCase.PartStart => Describe(item.PartStart),
        ChatEvent.EventOneofCase.PartDelta => Describe(item.PartDelta),
        ChatEvent.EventOneofCase.PartStop => $"{item.PartStop.ChoiceIndex}.{item.PartStop.PartIndex} stop",
        ChatEvent.EventOneofCase.Usage => Describe(item.Usage),
        ChatEvent.EventOneofCase.Finish => Joined($"{item.Finish.ChoiceIndex} finish {item.Finish.Reason}", item.Finish.RawReason, Named("at", item.Finish.StopSequence), item.Finish.Extensions),
        ChatEvent.EventOneofCase.Error => $"error {item.Error.FailureClass} {item.Error.Code}",
        _ => item.EventCase.ToString(),
    };

    private static string Describe(PartStart start) =>
        Joined($"{start.ChoiceIndex}.{start.PartIndex} start {start.Kind}", start.ToolCall?.Id, start.ToolCall?.Name, Named("signature", start.ToolCall?.Signature));

    private static string Describe(PartDelta delta) => Joined(
        $"{delta.ChoiceIndex}.{delta.PartIndex} '{delta.Text.Replace("\n", "\\n", StringComparison.Ordinal)}'",
        Named("signature", delta.Signature), delta.LogProbabilities, delta.Extensions);

    private static string Describe(Contracts.Pricing.V1.Usage usage)
    {
        var rest = Counted("write", usage.CacheWriteTokens) + Counted("write1h", usage.CacheWrite1HTokens)
            + Counted("audio-in", usage.AudioInputTokens) + Counted("audio-out", usage.AudioOutputTokens);
        return $"usage in {usage.InputTokens} cached {usage.CacheReadTokens} out {usage.OutputTokens} reasoning {usage.ReasoningTokens}{rest}";
    }

    private static string Counted(string name, long count) => count == 0 ? "" : $" {name} {count}";

    private static string? Named(string name, string? value) => string.IsNullOrEmpty(value) ? null : $"{name} {value}";

    private static string Joined(params ReadOnlySpan<string?> words)
    {
        var line = "";
        foreach (var word in words)
            line = string.IsNullOrEmpty(word) ? line : line.Length == 0 ? word : line + " " + word;
        return line;
    }
}
