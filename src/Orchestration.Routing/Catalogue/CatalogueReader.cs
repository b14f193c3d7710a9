using System.Text.Json;

namespace Orchestration.Routing.Catalogue;

/// <summary>Reads catalogue files; either all of them are right or none is taken.</summary>
internal static class CatalogueReader
{
    private const string SeedPrefix = "Orchestration.Routing.Catalogue.Seed.";

    /// <summary>The catalogue that this build was shipped with.</summary>
    public static ModelCatalogue ReadShipped()
    {
        var assembly = typeof(CatalogueReader).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(SeedPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return Read(names.Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return (name[SeedPrefix.Length..], content.ToArray());
        }));
    }

    /// <exception cref="InvalidCatalogueException">Any file has any mistake; all of them are named.</exception>
    public static ModelCatalogue Read(IEnumerable<(string File, byte[] Content)> files)
    {
        var problems = new List<CatalogueProblem>();
        var catalogues = new List<CatalogueFile>();
        foreach (var (file, content) in files)
        {
            if (Parse(file, content, problems) is not { } catalogue) continue;
            problems.AddRange(new CatalogueValidation(file, catalogue).Run());
            catalogues.Add(catalogue);
        }

        return problems.Count == 0 ? ModelCatalogue.From(catalogues) : throw new InvalidCatalogueException(problems);
    }

    private static CatalogueFile? Parse(string file, byte[] content, List<CatalogueProblem> problems)
    {
        try
        {
            if (JsonSerializer.Deserialize<CatalogueFile>(content, CatalogueJson.Options) is { } catalogue) return catalogue;
            problems.Add(new CatalogueProblem(file, "$", "is null"));
        }
        catch (JsonException malformed)
        {
            problems.Add(new CatalogueProblem(file, malformed.Path ?? "$", $"is malformed in line {malformed.LineNumber + 1}: {malformed.Message}"));
        }

        return null;
    }
}
