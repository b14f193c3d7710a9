using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>Tells when an answer runs far beyond the length that its provider was given.</summary>
/// <remarks>
/// Reasoning does not count, because vendors differ in whether their limit includes it. The slack of half the limit and 256 tokens is
/// what our count may be wrong by; the cost ceiling cuts a runaway answer earlier where there is one.
/// </remarks>
internal sealed class OutputWatch(long maxOutputTokens, TokenEstimates tokens)
{
    private const int Stride = 512;
    private const int Slack = 256;
    private readonly HashSet<(int Choice, int Part)> _reasoningParts = [];
    private TextSize _visible;
    private long _checkedAt;

    /// <summary>True once reasoning was seen.</summary>
    public bool Reasoned { get; private set; }

    public void See(ChatEvent chatEvent)
    {
        if (chatEvent.PartStart is { Kind: PartKind.Reasoning } start)
        {
            Reasoned = true;
            _reasoningParts.Add((start.ChoiceIndex, start.PartIndex));
        }

        if (maxOutputTokens > 0 && chatEvent.PartDelta is { Text.Length: > 0 } delta && !_reasoningParts.Contains((delta.ChoiceIndex, delta.PartIndex)))
            _visible += TextMeasure.Measure(delta.Text);
    }

    public bool IsPassed()
    {
        if (maxOutputTokens <= 0 || _visible.Bytes - _checkedAt < Stride) return false;
        _checkedAt = _visible.Bytes;
        return tokens.OfOutput(_visible) > maxOutputTokens + (maxOutputTokens / 2) + Slack;
    }
}
