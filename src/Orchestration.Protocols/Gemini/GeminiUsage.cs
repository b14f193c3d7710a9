using System.Text.Json;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>
/// Reads <c>usageMetadata</c>. Cached tokens are part of the prompt, tokens of tool use are not; thoughts stand outside
/// the candidates' tokens unless the total says otherwise.
/// </summary>
internal static class GeminiUsage
{
    private const long MaxCount = 1_000_000_000;

    /// <summary>The counts in disjoint classes; null when none was reported.</summary>
    public static Usage? Read(JsonElement metadata, out bool suspect)
    {
        suspect = false;
        if (Count(metadata, "promptTokenCount", ref suspect) is not { } prompt)
            return null;

        var left = prompt + (Count(metadata, "toolUsePromptTokenCount", ref suspect) ?? 0);
        var (output, reasoning) = Output(metadata, left, ref suspect);
        var usage = new Usage { Source = UsageSource.Provider };
        usage.CacheReadTokens = Take(Count(metadata, "cachedContentTokenCount", ref suspect) ?? 0, ref left, ref suspect);
        var audio = Modality(metadata, "promptTokensDetails", ref suspect) - Modality(metadata, "cacheTokensDetails", ref suspect);
        usage.AudioInputTokens = Math.Clamp(audio, 0, left);
        usage.InputTokens = left - usage.AudioInputTokens;
        usage.ReasoningTokens = Take(reasoning, ref output, ref suspect);
        usage.AudioOutputTokens = Take(Modality(metadata, "candidatesTokensDetails", ref suspect), ref output, ref suspect);
        usage.OutputTokens = output;
        return usage;
    }

    private static (long Output, long Reasoning) Output(JsonElement metadata, long input, ref bool suspect)
    {
        var visible = Count(metadata, "candidatesTokenCount", ref suspect) ?? 0;
        var thoughts = Count(metadata, "thoughtsTokenCount", ref suspect) ?? 0;
        var total = Count(metadata, "totalTokenCount", ref suspect) ?? 0;
        var output = total - input;
        if (total == 0 || output == visible + thoughts)
            return (visible + thoughts, thoughts);

        // Relays count thoughts inside the candidates' tokens.
        if (output == visible && thoughts <= visible)
            return (output, thoughts);

        suspect = true;
        return (Math.Max(output, visible + thoughts), thoughts);
    }

    private static long Modality(JsonElement metadata, string name, ref bool suspect)
    {
        long sum = 0;
        foreach (var detail in metadata.ItemsOf(name))
        {
            if (detail.TextOf("modality") == "AUDIO")
                sum += Count(detail, "tokenCount", ref suspect) ?? 0;
        }

        return sum;
    }

    private static long Take(long wanted, ref long left, ref bool suspect)
    {
        suspect |= wanted > left;
        var taken = Math.Min(wanted, left);
        left -= taken;
        return taken;
    }

    private static long? Count(JsonElement element, string name, ref bool suspect)
    {
        if (!element.TryGet(name, out var value) || value.ValueKind != JsonValueKind.Number)
            return null;
        if (value.TryGetInt64(out var count) && count is >= 0 and <= MaxCount)
            return count;
        suspect = true;
        return 0;
    }
}
