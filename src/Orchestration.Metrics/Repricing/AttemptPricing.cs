using System.Collections.Concurrent;
using Google.Protobuf;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Recording;
using Orchestration.Pricing;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Repricing;

/// <summary>What an attempt cost, read from the ledger.</summary>
internal sealed record ChargedAttempt
{
    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }
    public required string TenantId { get; init; }
    public required string ProjectId { get; init; }
    public required string Deployment { get; init; }
    public required string Provider { get; init; }
    public required string Model { get; init; }
    public required string Region { get; init; }
    public required string Currency { get; init; }
    public required string CostCurrency { get; init; }
    public required bool Simulated { get; init; }
    public required DateTimeOffset RequestStartedAt { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required string Price { get; init; }
    public required decimal Rate { get; init; }
    public required decimal Cost { get; init; }
    public required decimal Billed { get; init; }
    public required Usage Usage { get; init; }

    /// <summary>Null where its sender did not tell.</summary>
    public bool? Thinking { get; init; }

    /// <summary>Null where its sender did not tell.</summary>
    public string? ServiceTier { get; init; }
}

/// <summary>What an attempt costs by other prices.</summary>
internal abstract record NewCharge
{
    private NewCharge()
    {
    }

    internal sealed record Same : NewCharge;

    /// <summary>The charged cost does not come from the recorded usage and price, so that no other price can be put in its place.</summary>
    internal sealed record Unexplained : NewCharge;

    internal sealed record Different(string Price, decimal Cost, decimal Billed) : NewCharge;
}

/// <summary>Computes the cost of recorded attempts by the rules of one re-pricing.</summary>
internal sealed class AttemptPricing
{
    private readonly IReadOnlyList<RepricingRule> _rules;
    private readonly ConcurrentDictionary<string, Price?> _charged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(RepricingRule Rule, string Charged), (Price Price, string Text)?> _replacing = new();

    public AttemptPricing(IEnumerable<RepricingRule> rules) => _rules = [.. rules];

    public NewCharge Reprice(ChargedAttempt attempt)
    {
        if (ChargedPrice(attempt.Price) is not { } charged) return _rules.Any(r => r.AppliesTo?.PriceId is null or "") ? new NewCharge.Unexplained() : new NewCharge.Same();
        if (_rules.FirstOrDefault(r => Fits(r.AppliesTo, attempt, charged.Record)) is not { } rule) return new NewCharge.Same();
        return rule.ChangeCase == RepricingRule.ChangeOneofCase.Factor ? Multiply(attempt, charged, Money.Parse(rule.Factor, attempt.Currency).Amount) : Replace(attempt, charged, rule);
    }

    private static NewCharge Multiply(ChargedAttempt attempt, Price charged, decimal factor)
    {
        var cost = RoundedUp(attempt.Cost * factor);
        // Whoever pays by a price of its own is not concerned by what the provider charges.
        var billed = charged.Billing.HasOwnPrice ? attempt.Billed : RoundedUp(attempt.Billed * factor);
        return cost == attempt.Cost && billed == attempt.Billed ? new NewCharge.Same() : new NewCharge.Different(attempt.Price, cost, billed);
    }

    private NewCharge Replace(ChargedAttempt attempt, Price charged, RepricingRule rule)
    {
        if (Replacement(rule, attempt.Price, charged.Record) is not { } replacement || replacement.Price.Currency != charged.Currency) return new NewCharge.Unexplained();
        var rate = new ExchangeRate { FromCurrency = charged.Currency, ToCurrency = attempt.Currency, Rate = new Money(attempt.Rate, attempt.Currency).FormatAmount() };
        foreach (var (thinking, serviceTier) in Conditions(attempt, charged.Record))
        {
            try
            {
                if (charged.ChargeOf(attempt.Usage, attempt.StartedAt, thinking, serviceTier, rate).Cost.Amount != attempt.Cost) continue;
                var after = replacement.Price.ChargeOf(attempt.Usage, attempt.StartedAt, thinking, serviceTier, rate);
                return after.Cost.Amount == attempt.Cost && after.Billed.Amount == attempt.Billed
                    ? new NewCharge.Same()
                    : new NewCharge.Different(replacement.Text, after.Cost.Amount, after.Billed.Amount);
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException or OverflowException)
            {
                return new NewCharge.Unexplained();
            }
        }

        return new NewCharge.Unexplained();
    }

    /// <summary>Under which conditions it was charged; where its sender did not tell, may have been, the likeliest first.</summary>
    private static IEnumerable<(bool Thinking, string ServiceTier)> Conditions(ChargedAttempt attempt, PriceRecord charged)
    {
        var thought = attempt.Usage.ReasoningTokens > 0;
        bool[] thinking = attempt.Thinking is { } told ? [told] : [thought, !thought];
        var tiers = attempt.ServiceTier is { } named ? [named] : charged.Tiers.Select(t => t.ServiceTier).Prepend("").Distinct();
        return tiers.SelectMany(tier => thinking.Select(on => (on, tier)));
    }

    private Price? ChargedPrice(string text) => _charged.GetOrAdd(text, static text => PriceText.Parse(text) is { } record ? Compiled(record) : null);

    private (Price Price, string Text)? Replacement(RepricingRule rule, string chargedText, PriceRecord charged) =>
        _replacing.GetOrAdd((rule, chargedText), static (key, charged) =>
        {
            var record = key.Rule.Price.Clone();
            record.Billing = charged.Billing;
            return Compiled(record) is { } price ? (price, JsonFormatter.Default.Format(record)) : null;
        }, charged);

    private static Price? Compiled(PriceRecord record)
    {
        try
        {
            return Price.Parse(record);
        }
        catch (InvalidPriceException)
        {
            return null;
        }
    }

    private static bool Fits(RepricingFilter? filter, ChargedAttempt attempt, PriceRecord charged) =>
        filter is null
        || ((filter.Provider.Length == 0 || filter.Provider == attempt.Provider)
            && (filter.Model.Length == 0 || filter.Model == attempt.Model)
            && (filter.Region.Length == 0 || filter.Region == attempt.Region)
            && (filter.Deployment.Length == 0 || filter.Deployment == attempt.Deployment)
            && (filter.PriceId.Length == 0 || filter.PriceId == charged.PriceId));

    private static decimal RoundedUp(decimal amount) => decimal.Round(amount, Money.MostFractionDigits, MidpointRounding.ToPositiveInfinity);
}
