using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Gemini;

/// <summary>What is known of an answer while its chunks come in.</summary>
internal sealed class GeminiAnswer(ProviderErrorRules errors, string origin)
{
    private const int MaxCandidates = 1_024;

    private readonly SortedList<int, GeminiCandidate> _candidates = [];

    public ResponseStarted Reported { get; } = new();

    public Usage? Usage { get; private set; }

    public bool UsageSuspect { get; private set; }

    public IList<GeminiCandidate> Candidates => _candidates.Values;

    public TextSize OutputSize => _candidates.Values.Aggregate(default(TextSize), (sum, candidate) => sum + candidate.Size);

    /// <summary>Reads one GenerateContentResponse, or the list of them that comes where <c>alt=sse</c> was not understood.</summary>
    /// <returns>The failure when it is an error or breaks the protocol.</returns>
    public Failure? Read(ReadOnlySpan<byte> data, List<ChatEvent> events)
    {
        using var document = WireText.Parse(data);
        return document is null
            ? ProviderFailures.Protocol("The provider's answer is not valid JSON.")
            : Read(document.RootElement, events);
    }

    private Failure? Read(JsonElement root, List<ChatEvent> events)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in root.EnumerateArray())
            {
                var failure = item.ValueKind == JsonValueKind.Object ? Read(item, events) : NoObject();
                if (failure is not null)
                    return failure;
            }

            return null;
        }

        if (root.ValueKind != JsonValueKind.Object)
            return NoObject();
        if (root.TryGet("error", out _))
            return GeminiErrorDecoder.Decode(200, root, default, errors);

        ReadFacts(root);
        return ReadCandidates(root, events) ?? BlockOf(root);
    }

    private static Failure NoObject() => ProviderFailures.Protocol("The provider's answer is not a JSON object.");

    private void ReadFacts(JsonElement root)
    {
        if (Reported.ProviderResponseId.Length == 0)
            Reported.ProviderResponseId = root.TextOf("responseId");
        if (Reported.ReportedModel.Length == 0)
            Reported.ReportedModel = root.TextOf("modelVersion");
        if (Reported.CreatedAt is null && DateTimeOffset.TryParse(root.TextOf("createTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created))
            Reported.CreatedAt = Timestamp.FromDateTimeOffset(created);
        if (!root.TryGet("usageMetadata", out var metadata))
            return;

        if (Reported.ServiceTier.Length == 0)
            Reported.ServiceTier = metadata.TextOf("serviceTier");
        // Reports are cumulative, so the last one holds; one of zeros does not replace a real one.
        if (GeminiUsage.Read(metadata, out var suspect) is not { } usage || (Usage is not null && usage.InputTokens + usage.CacheReadTokens + usage.AudioInputTokens == 0))
            return;
        Usage = usage;
        UsageSuspect = suspect;
    }

    private Failure? ReadCandidates(JsonElement root, List<ChatEvent> events)
    {
        var position = 0;
        foreach (var item in root.ItemsOf("candidates"))
        {
            var index = item.TryGet("index", out var value) && value.ValueKind == JsonValueKind.Number ? (value.TryGetInt32(out var given) ? given : -1) : position;
            position++;
            if (index is < 0 or >= MaxCandidates)
                return ProviderFailures.Protocol("The provider's answer holds an impossible candidate index.");
            if (!_candidates.TryGetValue(index, out var candidate))
                _candidates[index] = candidate = new GeminiCandidate(index, Reported, origin);
            if (candidate.Read(item, events) is { } failure)
                return failure;
        }

        return null;
    }

    // A blocked prompt has no candidates: nothing was answered, the request was refused.
    private Failure? BlockOf(JsonElement root)
    {
        var isBlocked = root.TryGet("promptFeedback", out var feedback) && feedback.TextOf("blockReason") is not ("" or "BLOCK_REASON_UNSPECIFIED");
        return isBlocked && _candidates.Count == 0 ? ProviderFailures.Of(FailureClass.ContentFilter) : null;
    }
}
