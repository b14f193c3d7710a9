using Google.Protobuf;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Egress;
using Orchestration.Providers.Profiles;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Providers.Execution;

/// <summary>A candidate with everything that an attempt needs.</summary>
internal sealed record PreparedCandidate(Candidate Candidate, VendorProfile Profile, Price Price, Uri BaseAddress, KeyLease Key)
{
    private AttemptTarget? _target;

    public Deployment Deployment => Candidate.Deployment;

    /// <summary>Where attempts on this candidate go, for the ledger; with the whole price record.</summary>
    public AttemptTarget Target => _target ??= new AttemptTarget
    {
        Deployment = Deployment.Id,
        Provider = Deployment.Provider,
        Model = Deployment.Model,
        Region = Deployment.Region,
        Simulated = Deployment.Simulated,
        Price = JsonFormatter.Default.Format(Deployment.Price),
        Rate = ExchangeRates.RateOf(Candidate.Rate),
        RateAsOf = Candidate.Rate.AsOf?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch,
    };

    /// <summary>True when a provider names a model that is not the one that was asked for, nor a version of it.</summary>
    public bool IsAnotherModel(string reported) => reported.Length > 0 && !IsNamed(Deployment, reported);

    /// <summary>
    /// The candidate with the price of the model that answered, where the provider says that it was another one and a candidate of the
    /// plan that stands for that model tells its price there; else as it is.
    /// </summary>
    /// <param name="reported">Model that the provider names; empty when none.</param>
    /// <param name="plan">Where the candidate is from.</param>
    /// <param name="tenantCurrency">Currency that costs are billed in.</param>
    public PreparedCandidate PricedAs(string reported, Plan plan, string tenantCurrency)
    {
        if (!IsAnotherModel(reported)) return this;
        var known = plan.Candidates
            .Where(c => c.Deployment.Provider == Deployment.Provider && c.Deployment.Simulated == Deployment.Simulated && IsNamed(c.Deployment, reported))
            .OrderBy(c => c.Deployment.Region == Deployment.Region ? 0 : 1)
            .FirstOrDefault();
        if (known is null || CandidatePreparation.PriceOf(known, tenantCurrency) is not { } price) return this;
        var candidate = Candidate.Clone();
        (candidate.Deployment.Price, candidate.Rate) = (known.Deployment.Price, known.Rate);
        return this with { Candidate = candidate, Price = price, _target = null };
    }

    /// <summary>Most that an attempt can cost, in the tenant's currency.</summary>
    public Money WorstCase(long inputTokens, long outputTokens) => Candidate.WorstCase is { } told
        ? Money.FromProto(told)
        : Price.WorstBilled(inputTokens, outputTokens, searchUnits: 0, Candidate.Rate);

    /// <summary>What a usage comes to for the provider and, at the pinned rate and terms, for the tenant.</summary>
    public Charge ChargeOf(Usage usage, DateTimeOffset startedAt, AnswerSeen seen) =>
        Price.ChargeOf(usage, startedAt, seen.Thinking, seen.ServiceTier, Candidate.Rate);

    // Where an account names its deployments itself, only the catalogue's id says which model is meant.
    private static bool IsNamed(Deployment deployment, string reported) =>
        ModelNames.AreSame(reported, deployment.UpstreamModel) || ModelNames.AreSame(reported, deployment.Model);
}

/// <summary>Outcome of looking at a candidate before anything is sent.</summary>
internal abstract record Preparation
{
    private Preparation()
    {
    }

    internal sealed record Ready(PreparedCandidate Candidate) : Preparation;

    /// <summary>Every key rests or is full.</summary>
    internal sealed record Resting(TimeSpan Wait) : Preparation;

    internal sealed record Unusable(Failure Failure) : Preparation;
}

/// <summary>Checks a candidate: its price and rate, its address, its credential.</summary>
internal sealed class CandidatePreparation(VendorProfiles profiles, KeyPools keys, DeploymentEgress guard)
{
    /// <summary>Prepares a candidate with a leased key, which the caller gives back.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="tenantCurrency">Currency that costs are billed in.</param>
    /// <param name="triedKeys">Keys that the request has failed with.</param>
    public Preparation Prepare(Candidate candidate, string tenantCurrency, IReadOnlySet<string> triedKeys)
    {
        var deployment = candidate.Deployment;
        if (PriceOf(candidate, tenantCurrency) is not { } price) return new Preparation.Unusable(ExecutionFailures.PriceUnknown(deployment.Id));
        var profile = profiles.For(deployment.Provider);
        if (guard.Check(deployment, profile, out var address) is { } refused) return new Preparation.Unusable(refused);
        return keys.Acquire(deployment, triedKeys) switch
        {
            KeyAcquisition.Granted granted => new Preparation.Ready(new PreparedCandidate(candidate, profile, price, address, granted.Lease)),
            KeyAcquisition.Resting resting => new Preparation.Resting(resting.Wait),
            KeyAcquisition.Unusable unusable => new Preparation.Unusable(unusable.Failure),
            _ => new Preparation.Unusable(ExecutionFailures.Internal()),
        };
    }

    /// <summary>True when another key of the candidate's vendor and region can be used at once.</summary>
    public bool HasAnotherKey(PreparedCandidate candidate, IReadOnlySet<string> triedKeys) => keys.HasAnother(candidate.Deployment, triedKeys);

    /// <summary>Time until the candidate's pool has a key again; null when one is ready, or waiting does not help.</summary>
    public TimeSpan? KeysRest(PreparedCandidate candidate) => keys.RestFor(candidate.Deployment);

    /// <summary>The price of a candidate; null when it has none that can be used.</summary>
    public static Price? PriceOf(Candidate candidate, string tenantCurrency)
    {
        if (candidate.Deployment.Price is not { } record || candidate.Rate is not { } rate) return null;
        if (rate.FromCurrency != record.Currency || rate.ToCurrency != tenantCurrency) return null;
        try
        {
            ExchangeRates.RateOf(rate);
            if (record.Billing?.Price is { } own && !IsConverted(own.Currency, record.Billing.Rate, tenantCurrency)) return null;
            return Price.Parse(record);
        }
        catch (Exception exception) when (exception is InvalidPriceException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static bool IsConverted(string ownCurrency, ExchangeRate? rate, string tenantCurrency) =>
        rate is not null && rate.FromCurrency == ownCurrency && rate.ToCurrency == tenantCurrency && ExchangeRates.RateOf(rate) > 0m;
}
