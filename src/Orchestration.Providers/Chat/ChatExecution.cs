using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>One chat request from its first attempt to its summary. It runs to its end whatever becomes of the call that brought it.</summary>
internal sealed partial class ChatExecution(
    ExecutionOrder order,
    ChatRequest request,
    ChatExecutionParts parts,
    ActivityContext trace,
    CancellationToken shuttingDown) : IDisposable
{
    private readonly ExecutionSignals _signals = new(shuttingDown);
    private readonly SpendingLimit _spending = new(order.Dimensions.Currency, order.Ceiling);
    private readonly AttemptHistory _history = new(order.Dimensions.Currency);
    private readonly long _deadline = AttemptClock.Add(parts.Time, parts.Time.GetTimestamp(), order.Limits.Total);

    /// <summary>The events in order; the last one is Summary.</summary>
    public EventPipe Events { get; } = new(parts.Options.BufferedBytes);

    /// <summary>Nobody reads the text any more.</summary>
    public void ClientGone()
    {
        Events.Abandon();
        _signals.TellClientGone();
    }

    public async Task RunAsync()
    {
        Failure? failure;
        try
        {
            failure = await AnswerAsync();
        }
        catch (Exception exception)
        {
            Log.Defect(parts.Logger, order.RequestId, exception);
            failure = ExecutionFailures.Internal();
        }

        if (failure is not null) Events.Write(new ChatEvent { Error = ExecutionFailures.Shown(failure) });
        // Durable before visible: the summary says that the ledger knows.
        await _history.RecordedAsync();
        Events.Write(new ChatEvent { Summary = _history.ToSummary() });
        Events.Complete();
        Dispose();
    }

    public void Dispose() => _signals.Dispose();

    private async Task<Failure?> AnswerAsync()
    {
        using var chain = parts.Chains.Begin(order, _spending, MaxOutput(null));
        while (chain.Next() is { } candidate)
        {
            if (Interrupted() is { } interrupted) return interrupted;
            if (parts.Dialects.For(candidate.Deployment.Protocol) is not { } dialect)
            {
                chain.Unusable(ExecutionFailures.ProtocolUnsupported(candidate.Deployment.Id));
                continue;
            }

            var encoded = dialect.Encode(request, candidate.Deployment, candidate.Profile, order.Plan.DefaultMaxOutput);
            if ((encoded.Refused ?? StrictlyRefused(encoded)) is { } refused)
            {
                chain.Unusable(refused);
                continue;
            }

            var step = await AttemptAsync(candidate, dialect, encoded, chain);
            if (step.IsOver) return step.Failure;
        }

        return Interrupted() ?? chain.Failure();
    }

    private async Task<Step> AttemptAsync(PreparedCandidate candidate, IChatDialect dialect, EncodedRequest encoded, CandidateChain chain)
    {
        var work = NewWork(candidate, dialect, encoded, chain.Ordinal);
        var answer = new ChatAnswer(request, order, candidate, work.Id, encoded.Warnings);
        var costs = new CostWatch(candidate, _spending, MaxOutput(candidate), parts.Time.GetUtcNow());
        var reader = new ChatAnswerReader(answer, dialect, Events, costs, parts.Options.MaxBodyBytes);
        switch (await parts.Runner.RunAsync(work, reader, _signals, () => Events.Write(Started(work))))
        {
            case AttemptResult.Ended ended:
                _history.Add(ended);
                _spending.Add(ended.Billed);
                if (ended.Failure is null) parts.Chains.Succeeded(candidate);
                if (ended.Failure is null || reader.Committed || Interrupted() is not null) return Step.Over(ended.Failure);
                await WaitAsync(chain.Failed(candidate, ended.Failure, ended.ConnectionLost));
                return Step.GoOn;
            case AttemptResult.NotStarted notStarted:
                return Step.Over(notStarted.Failure);
            default:
                return Step.Over(ExecutionFailures.Internal());
        }
    }

    private AttemptWork NewWork(PreparedCandidate candidate, IChatDialect dialect, EncodedRequest encoded, int ordinal) => new()
    {
        Id = Guid.CreateVersion7(parts.Time.GetUtcNow()),
        Ordinal = ordinal,
        Order = order,
        Candidate = candidate,
        Path = encoded.Path ?? dialect.PathFor(candidate.Deployment, encoded.Streams ?? request.Stream),
        Body = encoded.Body,
        Streamed = encoded.Streams ?? request.Stream,
        Operation = "chat",
        TotalDeadline = _deadline,
        Trace = trace,
    };

    private static ChatEvent Started(AttemptWork work) => new()
    {
        AttemptStarted = new AttemptStarted
        {
            AttemptId = work.Id.ToString("D"),
            Deployment = work.Candidate.Deployment.Id,
            Ordinal = work.Ordinal,
        },
    };

    private Failure? Interrupted() =>
        _signals.ClientGone.IsCancellationRequested ? ExecutionFailures.ClientGone()
        : shuttingDown.IsCancellationRequested ? ExecutionFailures.ShuttingDown()
        : parts.Time.GetTimestamp() >= _deadline ? StopReason.TotalDeadline.ToFailure()
        : null;

    private Failure? StrictlyRefused(EncodedRequest encoded)
    {
        if (request.Hints is not { Strict: true }) return null;
        var changed = encoded.Warnings.Where(w => w.Code != "default_max_output").Select(w => w.Param).ToList();
        return changed.Count == 0 ? null : ExecutionFailures.Strict(string.Join(", ", changed));
    }

    // What the provider is asked for at most, all choices together; 0 when nothing bounds it.
    private long MaxOutput(PreparedCandidate? candidate)
    {
        long most = request.HasMaxOutputTokens ? request.MaxOutputTokens : order.Plan.DefaultMaxOutput;
        if (candidate is { Deployment.MaxOutput: > 0 and var limit }) most = most > 0 ? Math.Min(most, limit) : limit;
        return most * (request.HasChoiceCount ? Math.Max(1, request.ChoiceCount) : 1);
    }

    private async Task WaitAsync(TimeSpan pause)
    {
        if (pause <= TimeSpan.Zero) return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_signals.ClientGone, shuttingDown);
        await Task.Delay(pause, parts.Time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private readonly record struct Step(bool IsOver, Failure? Failure)
    {
        public static Step GoOn => new(false, null);

        public static Step Over(Failure? failure) => new(true, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Request {RequestId} ended by a defect")]
        public static partial void Defect(ILogger logger, Guid requestId, Exception exception);
    }
}
