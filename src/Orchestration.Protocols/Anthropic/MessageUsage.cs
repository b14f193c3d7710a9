using System.Text.Json;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>
/// Token counts of one answer. Reports are cumulative and may correct each other upward, so the largest counts, never a sum.
/// Compatible endpoints that write cached tokens into <c>input_tokens</c> of the first report give the true split in the last.
/// </summary>
internal sealed class MessageUsage(bool inclusiveInput)
{
    private const long MaxCount = 1_000_000_000;

    private readonly Dictionary<string, long> _counts = [];
    private long? _startInput;
    private bool _corrected;
    private bool _broken;

    public void AddStart(JsonElement usage)
    {
        Add(usage);
        if (inclusiveInput)
            _startInput ??= Find("input_tokens");
    }

    public void Add(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return;

        if (_startInput is not null && usage.Member("input_tokens").ValueKind == JsonValueKind.Number)
        {
            _corrected = true;
            _counts.Remove("input_tokens");
        }

        foreach (var member in usage.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number)
                Take(member.Name, member.Value);
            else if (member.Value.ValueKind == JsonValueKind.Object)
                AddInner(member.Value);
        }
    }

    /// <summary>The counts in disjoint classes; null when none was reported.</summary>
    public Usage? ToUsage(out bool suspect)
    {
        suspect = _broken;
        if (Find("input_tokens") is null && Find("output_tokens") is null)
            return null;

        var (input, read, hour) = (Count("input_tokens"), Count("cache_read_input_tokens"), Count("ephemeral_1h_input_tokens"));
        var written = Math.Max(Count("cache_creation_input_tokens"), Count("ephemeral_5m_input_tokens") + hour);
        var cached = read + written;
        if (IsInclusive(input, read, cached))
        {
            suspect |= cached > input;
            input = Math.Max(0, input - cached);
        }

        var output = Count("output_tokens");
        var thinking = Math.Max(Count("thinking_tokens"), Count("reasoning_tokens"));
        suspect |= thinking > output;
        thinking = Math.Min(thinking, output);
        return new Usage
        {
            InputTokens = input,
            CacheReadTokens = read,
            CacheWriteTokens = written - hour,
            CacheWrite1HTokens = hour,
            OutputTokens = output - thinking,
            ReasoningTokens = thinking,
            SearchUnits = Count("web_search_requests"),
            Source = UsageSource.Provider,
        };
    }

    // A later report is the true split unless its parts still come to more than the whole that was told first.
    private bool IsInclusive(long input, long read, long cached) =>
        _startInput is { } start && (!_corrected || (input >= read && input + cached > start));

    private void AddInner(JsonElement details)
    {
        foreach (var member in details.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number)
                Take(member.Name, member.Value);
        }
    }

    private void Take(string name, JsonElement value)
    {
        if (!value.TryGetInt64(out var count))
            count = value.TryGetDouble(out var number) && Math.Abs(number) < MaxCount ? (long)number : -1;
        if (count is < 0 or > MaxCount)
            _broken = true;
        else
            _counts[name] = Math.Max(count, _counts.GetValueOrDefault(name));
    }

    private long? Find(string name) => _counts.TryGetValue(name, out var count) ? count : null;

    private long Count(string name) => _counts.GetValueOrDefault(name);
}
