using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>
/// One chat request from its first attempt to its summary. It runs to its end whatever becomes of the call that brought it. Attempts
/// follow each other, and one may run beside another that is silent; who answers is decided by the gate alone.
/// </summary>
internal sealed partial class ChatExecution : IDisposable
{
    private readonly ExecutionOrder _order;
    private readonly ChatExecutionParts _parts;
    private readonly CancellationToken _shuttingDown;
    private readonly ExecutionSignals _signals;
    private readonly CancellationTokenSource _noMoreAttempts;
    private readonly CommitGate _gate = new();
    private readonly AttemptRace _race;
    private readonly AttemptHistory _history;
    private readonly ChatAttempts _attempts;
    private readonly CandidateChain _chain;
    private readonly Hedging _hedging;
    private readonly long _deadline;

    public ChatExecution(ExecutionOrder order, ChatRequest request, ChatExecutionParts parts, ActivityContext trace, CancellationToken shuttingDown)
    {
        (_order, _parts, _shuttingDown) = (order, parts, shuttingDown);
        _signals = new ExecutionSignals(shuttingDown);
        _noMoreAttempts = CancellationTokenSource.CreateLinkedTokenSource(_signals.ClientGone, shuttingDown);
        _deadline = AttemptClock.Add(parts.Time, parts.Time.GetTimestamp(), order.Limits.Total);
        _history = new AttemptHistory(order.Dimensions.Currency);
        _race = new AttemptRace(parts.Time);
        Events = new EventPipe(parts.Options.BufferedBytes);
        var spending = new SpendingLimit(order.Dimensions.Currency, order.Ceiling);
        _attempts = new ChatAttempts(order, request, parts, Events, _gate, spending, _signals, _deadline, trace);
        _chain = parts.Chains.Begin(order, spending, _attempts.MaxOutput(null));
        _hedging = new Hedging(order, request.Stream, parts.HedgeSpend, parts.Time);
    }

    /// <summary>The events in order; the last one is Summary.</summary>
    public EventPipe Events { get; }

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
            Log.Defect(_parts.Logger, _order.RequestId, exception);
            failure = ExecutionFailures.Internal();
        }

        if (failure is not null) Events.Write(new ChatEvent { Error = ExecutionFailures.Shown(failure) });
        // Durable before visible: the summary says that the ledger knows.
        await _history.RecordedAsync();
        Events.Write(new ChatEvent { Summary = _history.ToSummary() });
        Events.Complete();
        Dispose();
    }

    public void Dispose()
    {
        _chain.Dispose();
        _noMoreAttempts.Dispose();
        _signals.Dispose();
        _gate.Dispose();
    }

    private async Task<Failure?> AnswerAsync()
    {
        while (await _chain.NextAsync(_noMoreAttempts.Token) is { } candidate)
        {
            if (Interrupted() is { } interrupted) return interrupted;
            if (!TryStart(candidate, allowance: null)) continue;
            _hedging.Begin();
            if (await RaceAsync() is { } over) return over.Failure;
        }

        return Interrupted() ?? _chain.Failure();
    }

    // Until no attempt runs any more: also the losers of a race are awaited, because what they cost belongs to the request.
    private async Task<Over?> RaceAsync()
    {
        Over? over = null;
        Over? defect = null;
        while (_race.Count > 0)
        {
            var ended = await _race.NextAsync(_race.Count == 1 && !_gate.IsTaken ? _hedging.Patience : null);
            try
            {
                if (ended is null) TryHedge();
                else if (await SettleAsync(ended) is { } decided) over ??= decided;
            }
            catch (Exception exception)
            {
                // Who runs beside a defect may still answer, and its cost belongs to the request either way.
                Log.Defect(_parts.Logger, _order.RequestId, exception);
                defect = new Over(ExecutionFailures.Internal());
            }
        }

        return over ?? defect ?? (Interrupted() is { } interrupted ? new Over(interrupted) : null);
    }

    private bool TryStart(PreparedCandidate candidate, HedgeAllowance? allowance)
    {
        switch (_attempts.Start(candidate, _chain.Turn(candidate), allowance))
        {
            case AttemptStart.Running running:
                _race.Add(running.Attempt);
                return true;
            case AttemptStart.Refused refused:
                allowance?.Dispose();
                _chain.Unusable(refused.Failure);
                return false;
            default:
                return false;
        }
    }

    private void TryHedge()
    {
        _hedging.Done();
        if (_gate.IsTaken || Interrupted() is not null) return;
        HedgeAllowance? allowance = null;
        if (_chain.NextBeside(CanAfford) is { } candidate) TryStart(candidate, allowance);
        else allowance?.Dispose();

        bool CanAfford(PreparedCandidate beside)
        {
            allowance?.Dispose();
            allowance = _hedging.TryAfford(_attempts.LosersCost(beside));
            return allowance is not null;
        }
    }

    private async Task<Over?> SettleAsync(ChatAttempt attempt)
    {
        attempt.Allowance?.Dispose();
        var result = await attempt.Result;
        if (result is not AttemptResult.Ended ended)
        {
            attempt.Spending.Settle(Pricing.Money.Zero(_order.Dimensions.Currency));
            // A hedge that could not be recorded was not made, and who runs beside it may still answer.
            if (attempt.IsHedge || _race.Count > 0) return null;
            return new Over(result is AttemptResult.NotStarted notStarted ? notStarted.Failure : ExecutionFailures.Internal());
        }

        _history.Add(ended);
        attempt.Spending.Settle(ended.Billed);
        var outrun = ended.Failure is { Code: ExecutionFailures.OutrunCode };
        _parts.HedgeSpend.Book(_order.Plan.Route, ended.Billed, extra: outrun || (attempt.IsHedge && !attempt.Reader.Committed));
        if (outrun) return null;
        NoteOddities(attempt);
        if (ended.Failure is null)
        {
            _chain.Succeeded(attempt.Candidate, attempt.Streamed ? ended.Summary.TimeToFirstToken?.ToTimeSpan() : null);
            if (ended.Summary.Usage.Source == UsageSource.Provider) attempt.Reader.TeachTokens(ended.Summary.Usage);
            return new Over(null);
        }

        if (attempt.Reader.Committed)
        {
            _chain.Broke(attempt.Candidate, ended.Failure);
            return new Over(ended.Failure);
        }

        if (Interrupted() is not null) return null;
        var pause = _chain.Failed(attempt.Candidate, ended.Failure, ended.ConnectionLost);
        if (_race.Count == 0 && pause > TimeSpan.Zero)
            await Task.Delay(pause, _parts.Time, _noMoreAttempts.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return null;
    }

    private void NoteOddities(ChatAttempt attempt)
    {
        var deployment = attempt.Candidate.Deployment;
        _parts.Telemetry.AfterEnd(deployment.Provider, attempt.Reader.EventsAfterEnd);
        foreach (var oddity in attempt.Reader.Oddities)
        {
            _parts.Telemetry.OddAnswer(deployment.Provider, oddity);
            Log.Odd(_parts.Logger, _order.RequestId, deployment.Id, oddity);
        }
    }

    private Failure? Interrupted() =>
        _signals.ClientGone.IsCancellationRequested ? ExecutionFailures.ClientGone()
        : _shuttingDown.IsCancellationRequested ? ExecutionFailures.ShuttingDown()
        : _parts.Time.GetTimestamp() >= _deadline ? StopReason.TotalDeadline.ToFailure()
        : null;

    /// <summary>The request is decided.</summary>
    /// <param name="Failure">Null when it was answered.</param>
    private sealed record Over(Failure? Failure);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Request {RequestId}: the answer of {Deployment} is odd: {Oddity}")]
        public static partial void Odd(ILogger logger, Guid requestId, string deployment, string oddity);

        [LoggerMessage(LogLevel.Error, "Request {RequestId} ended by a defect")]
        public static partial void Defect(ILogger logger, Guid requestId, Exception exception);
    }
}
