using Orchestration.Simulator.Tokens;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

/// <summary>Makes the answer: a function of model and messages, cut to the limits of the request.</summary>
internal static class AnswerComposer
{
    private const int ShortestAnswer = 24;
    private const int AnswerSpread = 72;
    private const int ShortestThought = 12;
    private const int ThoughtSpread = 36;
    private const int CacheGranularity = 64;

    public static Answer Compose(ChatRequest request, string model, Vendor vendor, RequestShape shape)
    {
        var hash = new StableHash();
        hash.Add(model);
        var seed = hash.Value ^ request.Conversation.Hash;
        var choices = new AnswerChoice[vendor.Wire.OneChoice ? 1 : request.Choices];
        for (var index = 0; index < choices.Length; index++)
            choices[index] = ComposeChoice(request, model, vendor, shape, new StableRandom(seed + (ulong)index), index);
        var input = request.Conversation.Tokens;
        return new Answer(choices, input, input * shape.CachedPercent / 100 / CacheGranularity * CacheGranularity);
    }

    private static AnswerChoice ComposeChoice(
        ChatRequest request, string model, Vendor vendor, RequestShape shape, StableRandom random, int index)
    {
        var limit = request.MaxTokens ?? int.MaxValue;
        var reasoning = Think(request, model, vendor, ref random);
        if (reasoning.Count >= limit)
            return new AnswerChoice(index, reasoning.Take(limit), TokenizedText.Empty, [], "length");
        limit -= reasoning.Count;
        var calls = ToolCallComposer.Compose(request, vendor, ref random);
        if (calls.Count > 0)
            return new AnswerChoice(index, reasoning, TokenizedText.Empty, calls, "tool_calls");
        var content = Speak(request, vendor, shape, ref random);
        var (stop, sequence) = StopAt(content.Text, request.Stop);
        if (sequence is not null)
            content = vendor.Tokens.Split(content.Text[..stop]);
        return content.Count > limit
            ? new AnswerChoice(index, reasoning, content.Take(limit), [], "length")
            : new AnswerChoice(index, reasoning, content, [], "stop") { StopSequence = sequence };
    }

    /// <summary>True when a model thinks before it answers this request.</summary>
    public static bool Thinks(ChatRequest request, string model, Vendor vendor) =>
        vendor.Reasoning != ReasoningForm.None
        && vendor.Find(model) is { Reasoning: true } record
        && (request.Thinking ?? !record.ReasoningOnRequest);

    private static TokenizedText Think(ChatRequest request, string model, Vendor vendor, ref StableRandom random)
    {
        if (!Thinks(request, model, vendor))
            return TokenizedText.Empty;
        var chinese = AnswerText.IsChinese(request.Conversation.LastUserText);
        var length = ShortestThought + random.Next(ThoughtSpread);
        return AnswerText.Compose("", Phrases.Thoughts(chinese), length, vendor.Tokens, ref random, !chinese);
    }

    private static TokenizedText Speak(ChatRequest request, Vendor vendor, RequestShape shape, ref StableRandom random)
    {
        if (request.Format == AnswerFormat.JsonSchema)
            return vendor.Tokens.Split(ToolCallComposer.Sample(request.Schema, "simulated"));
        if (request.Format == AnswerFormat.JsonObject)
            return vendor.Tokens.Split("{\"answer\":\"simulated\",\"confidence\":1}");
        if (request.Conversation.FromSources is { } quoted && shape.OutputTokens is null)
            return vendor.Tokens.Split(quoted);
        var prompt = request.Conversation.LastUserText;
        var chinese = AnswerText.IsChinese(prompt);
        var length = shape.OutputTokens ?? ShortestAnswer + random.Next(AnswerSpread);
        return AnswerText.Compose(
            Phrases.Opening(prompt, chinese), Phrases.Sentences(chinese), length, vendor.Tokens, ref random, !chinese);
    }

    private static (int At, string? Sequence) StopAt(string text, IReadOnlyList<string> stops)
    {
        var first = -1;
        string? sequence = null;
        foreach (var stop in stops)
        {
            var at = stop.Length == 0 ? -1 : text.IndexOf(stop, StringComparison.Ordinal);
            if (at < 0 || (first >= 0 && at >= first))
                continue;
            first = at;
            sequence = stop;
        }
        return (first, sequence);
    }
}
