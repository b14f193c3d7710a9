using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Providers.Execution;

/// <summary>Reads one answer that comes as one JSON document.</summary>
internal abstract class PlainAnswerReader(PreparedCandidate candidate, ExecutionLimits limits, int maxBodyBytes) : IAnswerReader
{
    public bool Committed { get; private set; }

    public AnswerSeen Seen => new()
    {
        Model = candidate.Deployment.Model,
        EstimatedInputTokens = EstimatedInputTokens,
        EstimatedSearchUnits = EstimatedSearchUnits,
        Reported = ReportedUsage,
    };

    public (string Model, string ResponseId) Reported => (Started?.ReportedModel ?? "", Started?.ProviderResponseId ?? "");

    protected PreparedCandidate Candidate => candidate;

    protected abstract long EstimatedInputTokens { get; }

    protected virtual long EstimatedSearchUnits => 0;

    /// <summary>Name and id that the provider reported; null before the answer was read.</summary>
    protected ResponseStarted? Started { get; set; }

    /// <summary>Usage that the provider reported; null when it reported none.</summary>
    protected Usage? ReportedUsage { get; set; }

    public async Task<Failure?> ReadAsync(UpstreamAnswer answer, AttemptClock clock)
    {
        if (answer.IsEventStream) return ExecutionFailures.Protocol("The provider answered with a stream.");
        var body = await answer.ReadWholeAsync(maxBodyBytes, clock.Token);
        if (Decode(body.Span) is { } failure) return failure;
        Committed = true;
        clock.Spoke();
        return null;
    }

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints) =>
        OpenAIErrorDecoder.Decode(status, body, hints, candidate.Profile.ErrorRules);

    public void Fail(Failure failure) => Committed = false;

    // The answer comes at once or not at all: reading on costs nothing more and makes the bill exact.
    public void ClientLeft(AttemptClock clock) =>
        clock.Drain(clock.RequestSent ? limits.DrainOf(candidate.Profile.Disconnect) : TimeSpan.Zero);

    /// <summary>Reads the document; returns how it failed, or null.</summary>
    protected abstract Failure? Decode(ReadOnlySpan<byte> body);
}
