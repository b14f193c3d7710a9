using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Pricing;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Providers.Execution;

/// <summary>An attempt as it ended, told to the caller and to the ledger.</summary>
internal sealed class EndedAttempt(
    AttemptWork work,
    IAnswerReader reader,
    AttemptClock clock,
    TransportOutcome outcome,
    Usage usage,
    Charge charge,
    AnswerSeen seen,
    DateTimeOffset startedAt)
{
    private readonly TimeSpan _duration = clock.Elapsed;

    public AttemptWork Work => work;

    public Usage Usage => usage;

    public Failure? Failure => outcome.Failure;

    public bool ConnectionLost => outcome.ConnectionLost;

    public TimeSpan Duration => _duration;

    public TimeSpan? TimeToFirstToken => clock.TimeToFirstToken;

    public (string Model, string ResponseId) Reported => reader.Reported;

    /// <summary>What the provider bills, in the price's currency.</summary>
    public Money Cost => charge.Cost;

    /// <summary>What the tenant pays, in its currency.</summary>
    public Money Billed => charge.Billed;

    public AttemptOutcome Outcome =>
        Failure is null ? AttemptOutcome.Succeeded
        : clock.Reason is StopReason.ClientGone or StopReason.DrainEnded || Failure.Code is "client_gone" or ExecutionFailures.OutrunCode ? AttemptOutcome.Cancelled
        : clock.TimeToFirstToken is not null ? AttemptOutcome.Broken
        : AttemptOutcome.Failed;

    public string OutcomeName => Outcome switch
    {
        AttemptOutcome.Succeeded => "succeeded",
        AttemptOutcome.Cancelled => "cancelled",
        AttemptOutcome.Broken => "broken",
        _ => "failed",
    };

    public AttemptSummary ToSummary()
    {
        var deployment = work.Candidate.Deployment;
        var summary = new AttemptSummary
        {
            AttemptId = work.Id.ToString("D"),
            Ordinal = work.Ordinal,
            Deployment = deployment.Id,
            Provider = deployment.Provider,
            Model = deployment.Model,
            Outcome = Outcome,
            Usage = usage,
            Cost = charge.Cost.ToProto(),
            Billed = charge.Billed.ToProto(),
            StartedAt = Timestamp.FromDateTimeOffset(startedAt),
            Duration = Duration.ToDuration(),
            Simulated = deployment.Simulated,
        };
        if (Failure is not null) summary.Failure = ExecutionFailures.Shown(Failure);
        if (TimeToFirstToken is { } first) summary.TimeToFirstToken = first.ToDuration();
        return summary;
    }

    public AttemptCompleted ToLedger() => new()
    {
        AttemptId = work.Id,
        RequestId = work.Order.RequestId,
        Ordinal = work.Ordinal,
        Dimensions = work.Order.Dimensions,
        Target = work.Candidate.Target,
        Outcome = OutcomeName,
        FailureCode = Failure?.Code ?? "",
        ProviderStatus = Failure?.ProviderStatus ?? 0,
        Usage = Metering.ToCounts(usage),
        Thinking = seen.Thinking,
        ServiceTier = seen.ServiceTier,
        Settlement = Metering.SettlementOf(usage),
        Cost = charge.Cost.Amount,
        CostCurrency = charge.Cost.Currency,
        Billed = Billed.Amount,
        StartedAt = startedAt,
        TimeToFirstTokenMs = TimeToFirstToken?.TotalMilliseconds,
        DurationMs = Duration.TotalMilliseconds,
    };
}
