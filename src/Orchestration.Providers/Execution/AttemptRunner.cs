using System.Diagnostics;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Providers.Execution;

/// <summary>Makes one attempt from its first ledger event to its last: records, sends, reads, meters, prices, records.</summary>
internal sealed partial class AttemptRunner(
    UpstreamTransport transport,
    AttemptLedger ledger,
    ProvidersTelemetry telemetry,
    TimeProvider time,
    ILogger<AttemptRunner> logger)
{
    public async Task<AttemptResult> RunAsync(AttemptWork work, IAnswerReader reader, ExecutionSignals signals, Action started)
    {
        using var span = telemetry.BeginAttempt(work);
        var startedAt = time.GetUtcNow();
        if (!await ledger.TryStartAsync(StartedOf(work, startedAt))) return new AttemptResult.NotStarted(ExecutionFailures.LedgerFull());
        using var clock = new AttemptClock(time, LimitsOf(work), work.TotalDeadline, work.Streamed);
        var ended = await EndAsync(work, reader, signals, clock, started, startedAt);
        var recorded = ledger.CompleteAsync(ended.ToLedger());
        Tell(span, ended);
        return new AttemptResult.Ended(ended.ToSummary(), ended.Failure, ended.Billed, ended.ConnectionLost, recorded);
    }

    // A defect in what is only looked at must not hide an attempt from its request.
    private void Tell(Activity? span, EndedAttempt ended)
    {
        try
        {
            telemetry.AttemptEnded(span, ended);
        }
        catch (Exception exception)
        {
            Log.Defect(logger, ended.Work.Id, exception);
        }
    }

    // What stands in the ledger as started must also end there, and someone waits for it: also after a defect of our own.
    private async Task<EndedAttempt> EndAsync(
        AttemptWork work, IAnswerReader reader, ExecutionSignals signals, AttemptClock clock, Action started, DateTimeOffset startedAt)
    {
        try
        {
            started();
            var outcome = await SendAsync(work, reader, signals, clock);
            if (outcome.Defect is not null) Log.Defect(logger, work.Id, outcome.Defect);
            if (outcome.Failure is not null) reader.Fail(outcome.Failure);
            work.Candidate.Key.Ended(outcome.Failure);
            var seen = reader.Seen;
            var usage = Metering.Settle(outcome.Failure, clock.RequestSent && !outcome.NoModel, seen);
            var answered = work.Candidate.PricedAs(reader.Reported.Model, work.Order.Plan, work.Order.Dimensions.Currency);
            var charge = answered.ChargeOf(usage, startedAt, seen);
            if (!charge.IsPriced)
            {
                // Never told as exact: finance goes through what is estimated.
                usage.Source = UsageSource.Estimated;
                Log.Unpriced(logger, work.Id, answered.Deployment.Provider, answered.Deployment.Model);
            }

            return new EndedAttempt(work with { Candidate = answered }, reader, clock, outcome, usage, charge, seen, startedAt);
        }
        catch (Exception exception)
        {
            Log.Defect(logger, work.Id, exception);
            work.Candidate.Key.Dispose();
            return AfterDefect(work, reader, clock, startedAt);
        }
    }

    // The estimate is made of what was seen, unless the defect is there as well: then of the request alone.
    private EndedAttempt AfterDefect(AttemptWork work, IAnswerReader reader, AttemptClock clock, DateTimeOffset startedAt)
    {
        var failure = ExecutionFailures.Internal();
        try
        {
            return Estimated(reader.Seen);
        }
        catch (Exception exception)
        {
            Log.Unreadable(logger, work.Id, exception);
            return Estimated(new AnswerSeen { Model = work.Candidate.Deployment.Model, EstimatedInputTokens = work.Order.EstimatedInputTokens });
        }

        EndedAttempt Estimated(AnswerSeen seen)
        {
            var usage = Metering.Settle(failure, clock.RequestSent, seen);
            return new EndedAttempt(work, reader, clock, new TransportOutcome(failure), usage, work.Candidate.ChargeOf(usage, startedAt, seen), seen, startedAt);
        }
    }

    private async Task<TransportOutcome> SendAsync(AttemptWork work, IAnswerReader reader, ExecutionSignals signals, AttemptClock clock)
    {
        await using var gone = signals.ClientGone.Register(() => reader.ClientLeft(clock));
        await using var shutdown = signals.ShuttingDown.Register(() => clock.Stop(StopReason.ShuttingDown));
        await using var withdrawn = work.Withdrawn.Register(() => clock.Stop(StopReason.Withdrawn));
        return clock.Reason == StopReason.None
            ? await transport.RunAsync(work, reader, clock)
            : new TransportOutcome(clock.Reason.ToFailure());
    }

    private static ExecutionLimits LimitsOf(AttemptWork work) =>
        work.FirstToken is { } bound && bound != work.Order.Limits.FirstToken ? work.Order.Limits with { FirstToken = bound } : work.Order.Limits;

    private static AttemptStarted StartedOf(AttemptWork work, DateTimeOffset startedAt) => new()
    {
        AttemptId = work.Id,
        RequestId = work.Order.RequestId,
        Ordinal = work.Ordinal,
        Dimensions = work.Order.Dimensions,
        Target = work.Candidate.Target,
        StartedAt = startedAt,
        Reserved = LedgerAmount.AtLeast(work.WorstCase),
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Attempt {AttemptId} ended by a defect")]
        public static partial void Defect(ILogger logger, Guid attemptId, Exception exception);

        [LoggerMessage(LogLevel.Error, "Attempt {AttemptId} used what the price of {Provider} {Model} has no rate for; its cost is an estimate and may be too low")]
        public static partial void Unpriced(ILogger logger, Guid attemptId, string provider, string model);

        [LoggerMessage(LogLevel.Error, "What attempt {AttemptId} had read is lost by a defect; it is estimated by its request alone")]
        public static partial void Unreadable(ILogger logger, Guid attemptId, Exception exception);
    }
}
