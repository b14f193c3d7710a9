using System.Globalization;
using System.Text.Json;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>Reads prices that were sent as text. Every mistake is told with its place; nothing is guessed.</summary>
internal sealed class PriceImport
{
    private readonly List<ProposedPrice> _prices = [];
    private readonly List<PriceProblem> _problems = [];

    public IReadOnlyList<ProposedPrice> Prices => _prices;

    public IReadOnlyList<PriceProblem> Problems => _problems;

    public static PriceImport Read(PriceFormat format, string content)
    {
        var import = new PriceImport();
        if (format == PriceFormat.Csv) import.ReadCsv(content);
        else import.ReadJson(content);
        if (import._prices.Count == 0 && import._problems.Count == 0) import.Problem("", "There are no prices in it.");
        return import;
    }

    private void ReadJson(string content)
    {
        try
        {
            var isList = content.AsSpan().TrimStart().StartsWith("[");
            var files = isList
                ? JsonSerializer.Deserialize<List<CatalogueFile>>(content, CatalogueJson.Options)
                : [JsonSerializer.Deserialize<CatalogueFile>(content, CatalogueJson.Options)!];
            for (var f = 0; f < files!.Count; f++) Add(files[f], isList ? $"[{f}]." : "");
        }
        catch (JsonException malformed)
        {
            Problem(malformed.Path ?? "$", $"Malformed in line {malformed.LineNumber + 1}: {malformed.Message}");
        }
    }

    private void Add(CatalogueFile? file, string path)
    {
        if (file is null)
        {
            Problem(path.TrimEnd('.'), "It is null.");
            return;
        }

        for (var m = 0; m < file.Models.Count; m++)
            for (var p = 0; p < file.Models[m].Prices.Count; p++)
                _prices.Add(new ProposedPrice($"{path}models[{m}].prices[{p}]", file.Provider, file.Models[m].Id, file.Models[m].Prices[p] with { Correction = 0 }));
    }

    private void ReadCsv(string content)
    {
        var lines = content.Split('\n').Select((text, index) => (Text: text.Trim('\r', ' ', '\uFEFF'), Number: index + 1)).Where(l => l.Text.Length > 0 && l.Text[0] != '#').ToList();
        if (lines.Count == 0) return;
        var columns = PriceColumns.Read(lines[0].Text, out var unknown);
        foreach (var name in unknown) Problem("line 1", $"'{name}' is not a column of prices.");
        foreach (var name in columns.Missing()) Problem("line 1", $"The column {name} is missing.");
        if (_problems.Count > 0) return;

        var tiers = lines.Skip(1).Select(line => Tier(columns, line)).OfType<CsvTier>().ToList();
        foreach (var price in tiers.GroupBy(t => (t.Provider, t.Model, t.Price.Currency, t.Price.Region, t.Price.EffectiveFrom)))
        {
            var first = price.First();
            foreach (var other in price.Where(t => t.Price != first.Price)) Problem($"line {other.Line}", "It differs from the other lines of its price in effective_to, confidence or input_limit.");
            _prices.Add(new ProposedPrice($"line {first.Line}", first.Provider, first.Model, first.Price with { Tiers = [.. price.Select(t => t.Tier)] }));
        }
    }

    private CsvTier? Tier(PriceColumns columns, (string Text, int Number) line)
    {
        var cells = line.Text.Split(',');
        if (cells.Length != columns.Count || line.Text.Contains('"', StringComparison.Ordinal))
        {
            Problem($"line {line.Number}", string.Create(CultureInfo.InvariantCulture, $"It has {cells.Length} values where the header has {columns.Count}; quotes are not read."));
            return null;
        }

        try
        {
            return columns.Tier(cells, line.Number);
        }
        catch (FormatException malformed)
        {
            Problem($"line {line.Number}: {malformed.Message}", "The value cannot be read.");
            return null;
        }
    }

    private void Problem(string path, string message) => _problems.Add(new PriceProblem { Path = path, Message = message });
}
