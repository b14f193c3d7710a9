using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Prices;

namespace Orchestration.Routing.Serving;

/// <summary>Checked policy and catalogue, with where they come from.</summary>
/// <param name="Origin">Which of the three sources.</param>
/// <param name="Mark">Mark of the store at reading; empty for the other sources.</param>
/// <param name="PolicyVersion">Version of the policy.</param>
/// <param name="Texts">Its texts.</param>
/// <param name="Policy">Its content.</param>
/// <param name="Catalogue">The catalogue.</param>
internal sealed record RoutingState(
    StateOrigin Origin, string Mark, string PolicyVersion, PolicyTexts Texts, PolicyDocument Policy, ModelCatalogue Catalogue)
{
    /// <summary>Exchange rates and terms of tenants.</summary>
    public CommercialTerms Terms { get; init; } = CommercialTerms.None;

    /// <exception cref="InvalidPolicyException">The policy is wrong.</exception>
    public static RoutingState Checked(StateOrigin origin, string mark, string policyVersion, PolicyTexts texts, ModelCatalogue catalogue) =>
        new(origin, mark, policyVersion, texts, texts.Checked(catalogue), catalogue);

    /// <summary>What this build was shipped with.</summary>
    public static RoutingState Shipped() =>
        Checked(StateOrigin.Shipped, "", "shipped", new PolicyTexts(PolicyReader.ReadShippedText()), CatalogueReader.ReadShipped());
}

/// <summary>Where a state comes from, from best to worst.</summary>
internal enum StateOrigin
{
    Store,
    Snapshot,
    Shipped,
}
