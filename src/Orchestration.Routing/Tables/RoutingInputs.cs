using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Prices;

namespace Orchestration.Routing.Tables;

/// <summary>Everything that a route table is made of.</summary>
/// <param name="Policy">A checked policy.</param>
/// <param name="PolicyVersion">Its version in the store.</param>
/// <param name="Catalogue">A checked catalogue.</param>
/// <param name="Vendors">Who has a credential.</param>
/// <param name="SimulatorAddress">Where simulated vendors answer; null makes no simulated deployment.</param>
internal sealed record RoutingInputs(
    PolicyDocument Policy, string PolicyVersion, ModelCatalogue Catalogue, VendorSet Vendors, Uri? SimulatorAddress)
{
    /// <summary>Exchange rates and terms of tenants.</summary>
    public CommercialTerms Terms { get; init; } = CommercialTerms.None;

    /// <summary>The catalogue without the models that are the policy's own: what another policy is checked beside.</summary>
    public ModelCatalogue StoredCatalogue { get; init; } = Catalogue;
}

/// <summary>A finished table with what it was made of.</summary>
/// <param name="Table">Immutable.</param>
/// <param name="Inputs">What it was made of.</param>
/// <param name="Problems">Why models cannot be used, by "provider/id".</param>
internal sealed record BuiltTable(RouteTable Table, RoutingInputs Inputs, IReadOnlyDictionary<string, Failure> Problems);
