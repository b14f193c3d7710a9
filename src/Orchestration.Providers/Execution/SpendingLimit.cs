using Orchestration.Pricing;

namespace Orchestration.Providers.Execution;

/// <summary>The cost ceiling of one request and what its attempts have used of it, in the tenant's currency.</summary>
internal sealed class SpendingLimit(string currency, Money? ceiling)
{
    /// <summary>What the attempts that ended have cost.</summary>
    public Money Spent { get; private set; } = Money.Zero(currency);

    public bool IsLimited => ceiling is not null;

    /// <summary>Whether this much more may be spent.</summary>
    public bool Allows(Money more) => ceiling is not { } limit || Spent + more <= limit;

    public void Add(Money spent) => Spent += spent;
}
