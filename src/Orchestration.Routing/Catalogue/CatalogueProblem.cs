namespace Orchestration.Routing.Catalogue;

/// <summary>A mistake in catalogue data.</summary>
/// <param name="File">Where, for example "deepseek.json".</param>
/// <param name="Member">What, for example "models[2].prices[0].tiers[1].output".</param>
/// <param name="Message">Why, as the end of a sentence.</param>
internal sealed record CatalogueProblem(string File, string Member, string Message)
{
    public override string ToString() => $"{File}: {Member} {Message}";
}

/// <summary>Catalogue data was refused as a whole.</summary>
internal sealed class InvalidCatalogueException(IReadOnlyList<CatalogueProblem> problems)
    : Exception($"The catalogue has {problems.Count} mistake(s):{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    public IReadOnlyList<CatalogueProblem> Problems { get; } = problems;
}
