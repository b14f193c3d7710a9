using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>A deployment that was looked at for one request. Lives in a <see cref="CandidateSet"/>.</summary>
internal record struct Considered(CompiledDeployment Compiled)
{
    /// <summary>Why it is not asked.</summary>
    public Drop Drop { get; set; }

    /// <summary>True while its breaker lets single attempts through.</summary>
    public bool IsProbing { get; set; }

    /// <summary>Whether it can be asked at all, if only when nothing else is left.</summary>
    public readonly bool IsLeft => Drop is Drop.None or >= Drop.Cooling;

    public Expected Expected { get; set; }

    /// <summary>Only where a score decides.</summary>
    public ScoreTerms Terms { get; set; }

    /// <summary>Weighted sum of the terms; 0 where no score decides.</summary>
    public double Score { get; set; }
}

/// <summary>What a request is expected to use on a deployment, and how long it should take.</summary>
/// <param name="Input">Tokens of the prompt.</param>
/// <param name="Cached">Part of them that comes from the provider's prompt cache.</param>
/// <param name="Output">Tokens of all answers.</param>
/// <param name="Milliseconds">To the end of the answer.</param>
/// <param name="Expense">What the provider would charge, in the tenant's currency: a plain number to compare by, never to bill; infinite when no tier of the price fits.</param>
internal readonly record struct Expected(long Input, long Cached, long Output, double Milliseconds, double Expense);

/// <summary>Why a candidate is not asked. From <see cref="Cooling"/> on it is asked after all when nothing else is left.</summary>
internal enum Drop
{
    None,
    Residency,
    Capability,
    ContextWindow,
    Price,
    Cooling,
    CostCap,
    Deadline,
}
