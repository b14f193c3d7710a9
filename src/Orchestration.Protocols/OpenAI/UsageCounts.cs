using System.Text.Json;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Token counts as an OpenAI-compatible provider reports them, overlapping and not always sound.</summary>
internal struct UsageCounts
{
    private const long MaxCount = 1_000_000_000;

    private long? _prompt;
    private long? _completion;
    private long? _total;
    private long _cacheRead;
    private long _cacheWrite;
    private long _cacheWrite5m;
    private long _cacheWrite1h;
    private long _audioInput;
    private long _audioOutput;
    private long _reasoning;
    private bool _suspect;

    private enum Side
    {
        Whole,
        Prompt,
        Completion,
    }

    /// <summary>Reads the object at the reader; it stands on the object's start and ends on its end.</summary>
    public static UsageCounts Read(ref Utf8JsonReader reader)
    {
        var counts = new UsageCounts();
        counts.ReadObject(ref reader, Side.Whole);
        return counts;
    }

    /// <summary>The counts in disjoint classes; null when none was reported. Cached tokens are part of the prompt; reasoning is part of the completion unless the total says otherwise.</summary>
    public readonly Usage? ToUsage(out bool suspect) => ToUsage(reasoningOutside: false, out suspect);

    /// <summary>As the other, for a provider that is known to count reasoning beside the completion.</summary>
    public readonly Usage? ToUsage(bool reasoningOutside, out bool suspect)
    {
        suspect = _suspect;
        var prompt = _prompt;
        // Embeddings of some vendors report a total only.
        // A total of 0 alone is how one chat vendor says that it does not know yet.
        if (prompt is null && _completion is null && _total is > 0)
            prompt = _total;
        if (prompt is null && _completion is null)
            return null;

        var left = prompt ?? 0;
        var usage = new Usage { Source = UsageSource.Provider };
        usage.CacheReadTokens = Take(_cacheRead, ref left, ref suspect);
        usage.CacheWrite1HTokens = Take(_cacheWrite1h, ref left, ref suspect);
        usage.CacheWriteTokens = Take(Math.Max(_cacheWrite5m, _cacheWrite - usage.CacheWrite1HTokens), ref left, ref suspect);
        // Cached audio is counted in both details, so that only what is left can be fresh audio.
        usage.AudioInputTokens = Math.Min(_audioInput, left);
        suspect |= _audioInput > (prompt ?? 0);
        usage.InputTokens = left - usage.AudioInputTokens;

        var (output, reasoning) = SplitOutput(prompt, reasoningOutside, ref suspect);
        usage.ReasoningTokens = Take(reasoning, ref output, ref suspect);
        usage.AudioOutputTokens = Take(_audioOutput, ref output, ref suspect);
        usage.OutputTokens = output;
        return usage;
    }

    private readonly (long Output, long Reasoning) SplitOutput(long? prompt, bool reasoningOutside, ref bool suspect)
    {
        var completion = _completion ?? 0;
        var reported = !reasoningOutside && _reasoning <= completion ? (completion, _reasoning) : (completion + _reasoning, _reasoning);
        if (_total is not > 0 || prompt is null)
            return reported;

        var output = _total.Value - prompt.Value;
        if (output == completion)
        {
            suspect |= _reasoning > completion;
            return (completion, Math.Min(_reasoning, completion));
        }

        if (output == completion + _reasoning)
            return (output, _reasoning);

        // Hidden reasoning: some providers count it in the total only.
        if (output > completion && _reasoning == 0)
            return (output, output - completion);

        suspect = true;
        return output > completion ? (output, Math.Min(_reasoning, output)) : reported;
    }

    /// <summary>Keeps the details of an earlier report of the same counts: some providers repeat their counts without them.</summary>
    public void TakeDetails(UsageCounts earlier)
    {
        if (_prompt is null || _prompt != earlier._prompt || _completion != earlier._completion)
            return;

        _cacheRead = Math.Max(_cacheRead, earlier._cacheRead);
        _cacheWrite = Math.Max(_cacheWrite, earlier._cacheWrite);
        _cacheWrite5m = Math.Max(_cacheWrite5m, earlier._cacheWrite5m);
        _cacheWrite1h = Math.Max(_cacheWrite1h, earlier._cacheWrite1h);
        _audioInput = Math.Max(_audioInput, earlier._audioInput);
        _audioOutput = Math.Max(_audioOutput, earlier._audioOutput);
        _reasoning = Math.Max(_reasoning, earlier._reasoning);
    }

    private static long Take(long wanted, ref long left, ref bool suspect)
    {
        suspect |= wanted > left;
        var taken = Math.Min(wanted, left);
        left -= taken;
        return taken;
    }

    private void ReadObject(ref Utf8JsonReader reader, Side side)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
                ReadObject(ref reader, SideOf(ref name));
            else if (reader.TokenType == JsonTokenType.Number)
                Set(ref name, ref reader, side);
            else
                reader.Skip();
        }
    }

    private static Side SideOf(ref Utf8JsonReader name)
    {
        if (name.ValueTextEquals("prompt_tokens_details"u8) || name.ValueTextEquals("input_tokens_details"u8))
            return Side.Prompt;
        return name.ValueTextEquals("completion_tokens_details"u8) || name.ValueTextEquals("output_tokens_details"u8) ? Side.Completion : Side.Whole;
    }

    private void Set(ref Utf8JsonReader name, ref Utf8JsonReader value, Side side)
    {
        if (name.ValueTextEquals("prompt_tokens"u8) || name.ValueTextEquals("input_tokens"u8))
            _prompt = Count(ref value);
        else if (name.ValueTextEquals("completion_tokens"u8) || name.ValueTextEquals("output_tokens"u8))
            _completion = Count(ref value);
        else if (name.ValueTextEquals("total_tokens"u8))
            _total = Count(ref value);
        else if (name.ValueTextEquals("reasoning_tokens"u8))
            _reasoning = Count(ref value);
        else if (name.ValueTextEquals("audio_tokens"u8) && side == Side.Prompt)
            _audioInput = Count(ref value);
        else if (name.ValueTextEquals("audio_tokens"u8) && side == Side.Completion)
            _audioOutput = Count(ref value);
        else
            SetCache(ref name, ref value);
    }

    private void SetCache(ref Utf8JsonReader name, ref Utf8JsonReader value)
    {
        if (name.ValueTextEquals("cached_tokens"u8) || name.ValueTextEquals("prompt_cache_hit_tokens"u8) || name.ValueTextEquals("cache_read_input_tokens"u8))
            _cacheRead = Math.Max(_cacheRead, Count(ref value));
        else if (name.ValueTextEquals("cache_creation_input_tokens"u8) || name.ValueTextEquals("cache_write_tokens"u8) || name.ValueTextEquals("cache_creation_tokens"u8))
            _cacheWrite = Math.Max(_cacheWrite, Count(ref value));
        else if (name.ValueTextEquals("ephemeral_1h_input_tokens"u8))
            _cacheWrite1h = Count(ref value);
        else if (name.ValueTextEquals("ephemeral_5m_input_tokens"u8))
            _cacheWrite5m = Count(ref value);
    }

    private long Count(ref Utf8JsonReader value)
    {
        if (!value.TryGetInt64(out var count))
            count = value.TryGetDouble(out var number) && Math.Abs(number) < MaxCount ? (long)number : -1;
        if (count is >= 0 and <= MaxCount)
            return count;

        _suspect = true;
        return 0;
    }
}
