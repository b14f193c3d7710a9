using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching.Semantic;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Caching;

/// <summary>How the cache takes part in a request.</summary>
internal abstract record CacheUse
{
    private CacheUse()
    {
    }

    /// <summary>The word for it in headers and ledger.</summary>
    public abstract string Name { get; }

    /// <summary>The rules that a route has for a caller; null when there are none.</summary>
    public static CacheRules? RulesFor(Caller caller, CompiledRoute route) =>
        route.Route.Cache is { } rules && (rules.Tenants.Count == 0 || rules.Tenants.Contains(caller.TenantId)) ? rules : null;

    /// <summary>It does not.</summary>
    public sealed record Bypass : CacheUse
    {
        public static readonly Bypass Instance = new();

        public override string Name => "bypass";
    }

    /// <summary>The answer was not there; it is kept when it comes.</summary>
    /// <param name="Key">Where.</param>
    /// <param name="TenantId">Whose.</param>
    /// <param name="Ttl">For how long it is given to equal requests; zero not at all.</param>
    /// <param name="ToolCalls">Whether one that calls tools is kept, too.</param>
    /// <param name="Choices">Number of answers that make it complete.</param>
    public sealed record Miss(string Key, string TenantId, TimeSpan Ttl, bool ToolCalls, int Choices) : CacheUse
    {
        public override string Name => "miss";

        /// <summary>True when an equal request may be given the answer.</summary>
        public bool IsExact => Ttl > TimeSpan.Zero;

        /// <summary>How it was looked for under other wordings; null when it was not.</summary>
        public SemanticLook? Semantic { get; init; }

        /// <summary>Completes when equal requests need not wait for this one any more; null when none wait for it.</summary>
        public TaskCompletionSource? Flight { get; init; }
    }

    /// <summary>The answer was there.</summary>
    /// <param name="Answer">It.</param>
    /// <param name="Age">Time since it was given first.</param>
    public sealed record Hit(CachedAnswer Answer, TimeSpan Age) : CacheUse
    {
        /// <summary>Likelihood that the answer of another wording does; null when the request is equal.</summary>
        public double? Similarity { get; init; }

        public override string Name => Similarity is null ? "hit" : "semantic_hit";
    }
}
