using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Providers.Execution;

/// <summary>The attempts of one request and what they came to.</summary>
internal sealed class AttemptHistory(string currency)
{
    private readonly List<AttemptResult.Ended> _attempts = [];

    public void Add(AttemptResult.Ended attempt)
    {
        // Attempts that ran side by side end in any order.
        var place = _attempts.FindLastIndex(a => a.Summary.Ordinal < attempt.Summary.Ordinal) + 1;
        _attempts.Insert(place, attempt);
    }

    /// <summary>Completes when the ledger has every attempt.</summary>
    public Task RecordedAsync() => Task.WhenAll(_attempts.Select(a => a.Recorded));

    public Summary ToSummary() => new()
    {
        Attempts = { _attempts.Select(a => a.Summary) },
        Cost = _attempts.Aggregate(Money.Zero(currency), (sum, attempt) => sum + attempt.Billed).ToProto(),
        Settlement = Settlement(),
    };

    private Settlement Settlement()
    {
        if (_attempts.Exists(a => a.Summary.Usage.Source == UsageSource.Estimated)) return Contracts.Chat.V1.Settlement.Estimated;
        return _attempts.Exists(a => a.Summary.Usage.Source == UsageSource.Provider)
            ? Contracts.Chat.V1.Settlement.Exact
            : Contracts.Chat.V1.Settlement.Released;
    }
}
