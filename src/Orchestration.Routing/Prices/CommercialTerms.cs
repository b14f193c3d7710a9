using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Prices;

/// <summary>Exchange rates and terms of tenants, past and future: an immutable snapshot of what is stored.</summary>
internal sealed record CommercialTerms
{
    public static readonly CommercialTerms None = new();

    public IReadOnlyList<DatedRate> Rates { get; init; } = [];

    public IReadOnlyList<OwnTerms> Terms { get; init; } = [];

    /// <summary>The rate of every pair at an instant: the newest stored one, else the policy's.</summary>
    public IEnumerable<ExchangeRate> RatesAt(DateTimeOffset at, IEnumerable<PolicyRate> policyRates) =>
        Rates.Where(r => r.AsOf <= at).OrderByDescending(r => r.AsOf)
            .Concat(policyRates.Select(r => new DatedRate(r.From, r.To, r.Rate, r.AsOf)))
            .DistinctBy(r => (r.From, r.To))
            .OrderBy(r => r.From, StringComparer.Ordinal).ThenBy(r => r.To, StringComparer.Ordinal)
            .Select(r => new ExchangeRate { FromCurrency = r.From, ToCurrency = r.To, Rate = r.Rate, AsOf = Timestamp.FromDateTimeOffset(r.AsOf) });

    /// <summary>The terms that hold at an instant; of one tenant those of a model come before those of a provider.</summary>
    public IEnumerable<TenantTerms> TermsAt(DateTimeOffset at) =>
        Terms.Where(t => t.HoldsAt(at))
            .OrderBy(t => t.TenantId, StringComparer.Ordinal)
            .ThenBy(t => t.Model.Length > 0 ? 0 : t.Provider.Length > 0 ? 1 : 2)
            .ThenBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => t.ToWire());

    /// <summary>The next instant after one at which a rate or terms begin or end.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after) =>
        Rates.Select(r => (DateTimeOffset?)r.AsOf).Concat(Terms.SelectMany(t => new[] { t.EffectiveFrom, t.EffectiveTo })).Where(at => at > after).Min();
}
