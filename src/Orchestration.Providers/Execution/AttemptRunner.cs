using Orchestration.Contracts.Messages;

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
        started();

        using var clock = new AttemptClock(time, work.Order.Limits, work.TotalDeadline, work.Streamed);
        var outcome = await SendAsync(work, reader, signals, clock);
        if (outcome.Defect is not null) Log.Defect(logger, work.Id, outcome.Defect);
        if (outcome.Failure is not null) reader.Fail(outcome.Failure);
        work.Candidate.Key.Ended(outcome.Failure);

        var usage = Metering.Settle(outcome.Failure, clock.RequestSent && !outcome.NoModel, reader.Seen);
        var cost = work.Candidate.CostOf(usage, startedAt, reader.Seen);
        var ended = new EndedAttempt(work, reader, clock, outcome, usage, cost, startedAt);
        telemetry.AttemptEnded(span, ended);
        return new AttemptResult.Ended(
            ended.ToSummary(),
            outcome.Failure,
            ended.Billed,
            outcome.ConnectionLost,
            ledger.CompleteAsync(ended.ToLedger()));
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

    private static AttemptStarted StartedOf(AttemptWork work, DateTimeOffset startedAt) => new()
    {
        AttemptId = work.Id,
        RequestId = work.Order.RequestId,
        Ordinal = work.Ordinal,
        Dimensions = work.Order.Dimensions,
        Target = work.Candidate.Target,
        StartedAt = startedAt,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Attempt {AttemptId} ended by a defect")]
        public static partial void Defect(ILogger logger, Guid attemptId, Exception exception);
    }
}
