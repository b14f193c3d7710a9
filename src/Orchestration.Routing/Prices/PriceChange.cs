using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>A price that somebody wants to be in the catalogue, with where it stands in what was sent.</summary>
internal sealed record ProposedPrice(string Path, string Provider, string Model, CataloguePrice Price);

/// <summary>A price with the model that it is of.</summary>
internal sealed record ModelPrice(CatalogueModel Model, CataloguePrice Price)
{
    public string Name => PriceRecords.NameOf(Model.Provider, Model.Id, Price);
}

/// <summary>What a change would do: rows to add, and all that is to be said about it.</summary>
internal sealed record PlannedChange<TRow>(IReadOnlyList<TRow> Rows, PriceChangeReport Report)
{
    /// <summary>Whether nothing speaks against it.</summary>
    public bool MayApply => Report.Problems.Count == 0 && Report.Warnings.All(w => w.Accepted);
}
