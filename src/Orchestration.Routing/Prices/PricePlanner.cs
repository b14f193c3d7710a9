using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;

namespace Orchestration.Routing.Prices;

/// <summary>Works out what proposed prices change in the catalogue. Touches nothing.</summary>
/// <param name="catalogue">The latest versions.</param>
/// <param name="versions">Latest version of every price name, withdrawn ones included.</param>
/// <param name="checks">What looks like a mistake.</param>
/// <param name="policyProblem">Why the policy in force could not stand beside a catalogue; null when it can.</param>
internal sealed class PricePlanner(
    ModelCatalogue catalogue,
    IReadOnlyDictionary<string, int> versions,
    PlausibilityChecks checks,
    Func<ModelCatalogue, string?> policyProblem)
{
    private readonly PriceChangeReport _report = new();
    private readonly Dictionary<string, List<CataloguePrice>> _prices = catalogue.Models.ToDictionary(m => m.Key, m => m.Prices.ToList(), StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (ProposedPrice Proposed, CataloguePrice? Before)> _changed = new(StringComparer.Ordinal);

    public PlannedChange<PriceRow> Plan(IReadOnlyList<ProposedPrice> proposals, IReadOnlyCollection<string> accept, string source, DateTimeOffset now)
    {
        var known = proposals.Where(IsKnown).ToList();
        foreach (var twice in known.GroupBy(p => NameOf(p), StringComparer.Ordinal).Where(g => g.Count() > 1))
            Problem(twice.Last().Path, $"{twice.Key} stands twice.");
        if (_report.Problems.Count > 0) return new PlannedChange<PriceRow>([], _report);

        // Earlier ones first, so that a series of prices ends each other in order.
        foreach (var proposed in known.OrderBy(p => p.Price.EffectiveFrom ?? DateTimeOffset.MinValue)) Put(proposed, known);
        EndPredecessors();
        var after = Validate(known);
        if (after is not null && policyProblem(after) is { } problem) Problem("", problem);
        if (after is not null) Warn(after, accept);
        return new PlannedChange<PriceRow>([.. Rows(source, now)], _report);
    }

    /// <summary>Takes a price out and lets the one before it go on.</summary>
    public PlannedChange<PriceRow> Withdraw(ModelPrice withdrawn, string source, DateTimeOffset now)
    {
        var prices = _prices[withdrawn.Model.Key];
        prices.RemoveAll(p => NameOf(withdrawn.Model, p) == withdrawn.Name);
        _report.Differences.Add(new PriceDifference { Name = withdrawn.Name, Kind = "withdrawn" });
        var rows = new List<PriceRow> { Row(withdrawn.Model, withdrawn.Price, withdrawn: true, source, now) };
        if (withdrawn.Price.EffectiveFrom is { } from && prices.Find(p => IsSameOffer(p, withdrawn.Price) && p.EffectiveTo == from) is { } before)
        {
            var reopened = before with { EffectiveTo = withdrawn.Price.EffectiveTo };
            _report.Differences.AddRange(PriceDifferences.Between(NameOf(withdrawn.Model, before), "reopened", before with { Correction = 0 }, reopened with { Correction = 0 }));
            rows.Add(Row(withdrawn.Model, reopened, withdrawn: false, source, now));
        }

        return new PlannedChange<PriceRow>(rows, _report);
    }

    private bool IsKnown(ProposedPrice proposed)
    {
        if (catalogue.Find($"{proposed.Provider}/{proposed.Model}") is not null) return true;
        Problem(proposed.Path, $"{proposed.Provider}/{proposed.Model} is not in the catalogue.");
        return false;
    }

    private void Put(ProposedPrice proposed, List<ProposedPrice> all)
    {
        var model = ModelOf(proposed);
        var prices = _prices[model.Key];
        var price = Bounded(proposed, prices.Concat(all.Where(p => ModelOf(p) == model).Select(p => p.Price)));
        var place = prices.FindIndex(p => NameOf(model, p) == NameOf(model, price));
        var before = place < 0 ? null : prices[place] with { Correction = 0 };
        if (before is not null && !PriceDifferences.Between("", "", before, price).Any())
        {
            _report.Unchanged++;
            return;
        }

        _changed[NameOf(model, price)] = (proposed, before);
        if (place < 0) prices.Add(price);
        else prices[place] = price;
        if (before is null) _report.Differences.Add(new PriceDifference { Name = NameOf(model, price), Kind = "added", After = PlausibilityChecks.Shown(price) });
        else _report.Differences.AddRange(PriceDifferences.Between(NameOf(model, price), "corrected", before, price));
    }

    /// <summary>A price without an end holds until the next one begins.</summary>
    private static CataloguePrice Bounded(ProposedPrice proposed, IEnumerable<CataloguePrice> others)
    {
        var price = proposed.Price with { Correction = 0 };
        if (price.EffectiveTo is not null) return price;
        return price with { EffectiveTo = others.Where(o => IsSameOffer(o, price) && (o.EffectiveFrom > price.EffectiveFrom || (price.EffectiveFrom is null && o.EffectiveFrom is not null))).Min(o => o.EffectiveFrom) };
    }

    private void EndPredecessors()
    {
        foreach (var (proposed, before) in _changed.Values.ToList())
        {
            if (before is not null || proposed.Price.EffectiveFrom is not { } from) continue;
            var model = ModelOf(proposed);
            var prices = _prices[model.Key];
            var place = prices.FindIndex(p => IsSameOffer(p, proposed.Price) && (p.EffectiveFrom is null || p.EffectiveFrom < from) && (p.EffectiveTo is null || p.EffectiveTo > from));
            if (place < 0 || _changed.ContainsKey(NameOf(model, prices[place]))) continue;
            var ended = prices[place] with { EffectiveTo = from, Correction = 0 };
            _report.Differences.AddRange(PriceDifferences.Between(NameOf(model, ended), "ended", prices[place] with { Correction = 0 }, ended));
            _changed[NameOf(model, ended)] = (new ProposedPrice(proposed.Path, model.Provider, model.Id, ended), ended);
            prices[place] = ended;
        }
    }

    /// <summary>The catalogue as it would be; null when it would be wrong.</summary>
    private ModelCatalogue? Validate(List<ProposedPrice> proposals)
    {
        var files = new List<CatalogueFile>();
        foreach (var file in catalogue.ToFiles())
        {
            var changed = file with { Models = [.. file.Models.Select(m => m with { Prices = _prices[m.Key] })] };
            files.Add(changed);
            foreach (var problem in new CatalogueValidation($"{file.Provider}.json", changed).Run()) Tell(changed, problem, proposals);
        }

        return _report.Problems.Count > 0 ? null : ModelCatalogue.From(files);
    }

    private void Tell(CatalogueFile file, CatalogueProblem problem, List<ProposedPrice> proposals)
    {
        for (var m = 0; m < file.Models.Count; m++)
        {
            for (var p = 0; p < file.Models[m].Prices.Count; p++)
            {
                var place = $"models[{m}].prices[{p}]";
                if (problem.Member != place && !problem.Member.StartsWith(place + ".", StringComparison.Ordinal)) continue;
                var name = NameOf(file.Models[m], file.Models[m].Prices[p]);
                var path = proposals.Find(proposed => NameOf(proposed) == name)?.Path;
                Problem(path is null ? name : path + problem.Member[place.Length..], problem.Message + ".");
                return;
            }
        }

        Problem(problem.File, $"{problem.Member} {problem.Message}.");
    }

    private void Warn(ModelCatalogue after, IReadOnlyCollection<string> accept)
    {
        foreach (var (name, (proposed, before)) in _changed)
        {
            // One that a later price ends is as it was.
            if (before is not null && ReferenceEquals(before, proposed.Price)) continue;
            var model = after.Find(ModelOf(proposed).Key)!;
            var price = new ModelPrice(model, model.Prices.First(p => NameOf(model, p) == name));
            foreach (var (code, message) in checks.Check(price, before, after))
                _report.Warnings.Add(new PriceWarning { Id = $"{code}:{name}", Message = message, Accepted = accept.Contains($"{code}:{name}") });
        }
    }

    private IEnumerable<PriceRow> Rows(string source, DateTimeOffset now)
    {
        foreach (var (name, (proposed, _)) in _changed)
        {
            var model = ModelOf(proposed);
            yield return Row(model, _prices[model.Key].Find(p => NameOf(model, p) == name)!, withdrawn: false, source, now);
        }
    }

    private PriceRow Row(CatalogueModel model, CataloguePrice price, bool withdrawn, string source, DateTimeOffset now) =>
        CatalogueRowMapping.ToRow(model, price, versions.GetValueOrDefault(NameOf(model, price)) + 1, now, source, withdrawn);

    private CatalogueModel ModelOf(ProposedPrice proposed) => catalogue.Find($"{proposed.Provider}/{proposed.Model}")!;

    private static string NameOf(CatalogueModel model, CataloguePrice price) => PriceRecords.NameOf(model.Provider, model.Id, price);

    private string NameOf(ProposedPrice proposed) => NameOf(ModelOf(proposed), proposed.Price);

    private static bool IsSameOffer(CataloguePrice left, CataloguePrice right) => left.Currency == right.Currency && left.Region == right.Region;

    private void Problem(string path, string message) => _report.Problems.Add(new PriceProblem { Path = path, Message = message });
}
