using Orchestration.Contracts.Pricing.V1;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>Tells when an answer that is being read would pass the request's ceiling.</summary>
internal sealed class CostWatch(PreparedCandidate candidate, ExecutionOrder order, SpendingShare spending, long maxOutputTokens, DateTimeOffset startedAt)
{
    private const int Stride = 128;
    private PreparedCandidate? _answering;
    private long _checkedAt;

    public bool IsPassed(IAnswerReader reader)
    {
        if (!spending.IsLimited) return false;
        var seen = reader.Seen;
        if (seen.Output.Bytes - _checkedAt < Stride) return false;
        _checkedAt = seen.Output.Bytes;
        var usage = Plausible(Metering.Estimated(seen));
        _answering ??= candidate.PricedAs(reader.Reported.Model, order.Plan, order.Dimensions.Currency);
        return !spending.Allows(_answering.ChargeOf(usage, startedAt, seen).Billed);
    }

    // An estimate may be half too high. As long as the provider can be within the limit that it was given, it is believed.
    private Usage Plausible(Usage usage)
    {
        var excess = usage.TotalOutput() - maxOutputTokens;
        if (maxOutputTokens > 0 && excess > 0 && excess <= maxOutputTokens / 2)
            usage.OutputTokens = Math.Max(0, usage.OutputTokens - excess);
        return usage;
    }
}
