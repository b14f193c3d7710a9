using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Execution;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Providers.Chat;

/// <summary>Starts the attempts of one chat request: encodes for the candidate, opens the reader, runs.</summary>
internal sealed class ChatAttempts(
    ExecutionOrder order,
    ChatRequest request,
    ChatExecutionParts parts,
    EventPipe events,
    CommitGate gate,
    SpendingLimit spending,
    ExecutionSignals signals,
    long deadline,
    ActivityContext trace)
{
    private readonly PromptSize _prompt = new(request, order.EstimatedInputTokens);

    /// <summary>Starts an attempt on a candidate; refused when the candidate's protocol cannot say what was asked.</summary>
    public AttemptStart Start(PreparedCandidate candidate, AttemptTurn turn, HedgeAllowance? allowance)
    {
        if (parts.Dialects.For(candidate.Deployment.Protocol) is not { } dialect)
            return new AttemptStart.Refused(ExecutionFailures.ProtocolUnsupported(candidate.Deployment.Id));
        var encoded = dialect.Encode(request, candidate.Deployment, candidate.Profile, order.Plan.DefaultMaxOutput);
        return (encoded.Refused ?? StrictlyRefused(encoded)) is { } refused
            ? new AttemptStart.Refused(refused)
            : new AttemptStart.Running(Run(candidate, dialect, encoded, turn, allowance));
    }

    /// <summary>What the provider is asked for at most, all choices together; 0 when nothing bounds it.</summary>
    public long MaxOutput(PreparedCandidate? candidate)
    {
        long most = request.HasMaxOutputTokens ? request.MaxOutputTokens : order.Plan.DefaultMaxOutput;
        if (candidate is { Deployment.MaxOutput: > 0 and var limit }) most = most > 0 ? Math.Min(most, limit) : limit;
        return most * (request.HasChoiceCount ? Math.Max(1, request.ChoiceCount) : 1);
    }

    /// <summary>What an attempt that loses will likely cost: its prompt. It is withdrawn before it says much.</summary>
    public Money LosersCost(PreparedCandidate candidate)
    {
        var seen = new AnswerSeen
        {
            Model = candidate.Deployment.Model,
            EstimatedInputTokens = _prompt.TokensFor(parts.Tokens.For(candidate.Deployment)),
        };
        return candidate.ChargeOf(Metering.Estimated(seen), parts.Time.GetUtcNow(), seen).Billed;
    }

    private ChatAttempt Run(PreparedCandidate candidate, IChatDialect dialect, EncodedRequest encoded, AttemptTurn turn, HedgeAllowance? allowance)
    {
        var contender = gate.Enter();
        var work = NewWork(candidate, dialect, encoded, turn, contender.Withdrawn);
        var tokens = parts.Tokens.For(candidate.Deployment);
        var answer = new ChatAnswer(request, order, candidate, work.Id, encoded.Warnings, _prompt, tokens);
        var share = spending.Begin(work.WorstCase);
        var costs = new CostWatch(candidate, order, share, MaxOutput(candidate), parts.Time.GetUtcNow());
        var sink = new ChatAnswerSink(events, contender, () => parts.Health.Speaks(candidate.Deployment.Id, turn.AskedAt, work.Streamed));
        var reader = new ChatAnswerReader(answer, dialect, sink, costs, new OutputWatch(MaxOutput(candidate), tokens), parts.Options.MaxBodyBytes);
        return new ChatAttempt(candidate, reader, work.Streamed, share, allowance, parts.Runner.RunAsync(work, reader, signals, () => events.Write(Started(work))));
    }

    private AttemptWork NewWork(PreparedCandidate candidate, IChatDialect dialect, EncodedRequest encoded, AttemptTurn turn, CancellationToken withdrawn)
    {
        var call = ChatCall.Of(dialect, encoded, request, candidate.Deployment);
        return new AttemptWork
        {
            Id = Guid.CreateVersion7(parts.Time.GetUtcNow()),
            Ordinal = turn.Ordinal,
            Order = order,
            Candidate = candidate,
            Path = call.Path,
            Body = encoded.Body,
            Streamed = call.Streams,
            Operation = "chat",
            TotalDeadline = deadline,
            FirstToken = order.Limits.FirstTokenBefore(parts.Time.GetElapsedTime(parts.Time.GetTimestamp(), deadline), turn.Followers),
            Withdrawn = withdrawn,
            WorstCase = candidate.WorstCase(order.EstimatedInputTokens, MaxOutput(candidate)),
            Trace = trace,
        };
    }

    private static ChatEvent Started(AttemptWork work) => new()
    {
        AttemptStarted = new AttemptStarted
        {
            AttemptId = work.Id.ToString("D"),
            Deployment = work.Candidate.Deployment.Id,
            Ordinal = work.Ordinal,
        },
    };

    private Failure? StrictlyRefused(EncodedRequest encoded)
    {
        if (request.Hints is not { Strict: true }) return null;
        // Stop sequences hold whatever the provider makes of them: every answer is cut here.
        var changed = encoded.Changes.Where(w => !StopSequences.AreMeantBy(w)).Select(w => w.Param).ToList();
        return changed.Count == 0 ? null : ExecutionFailures.Strict(string.Join(", ", changed));
    }
}
