using System.Text.Json;

namespace Orchestration.Benchmarks.Ann;

/// <summary>Pieces of text from the evaluation data, in a fixed order and each once.</summary>
internal static class RealTexts
{
    private const int Longest = 300;
    private const int Shortest = 12;

    public static IEnumerable<string> Read(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(file => Path.GetExtension(file) switch
            {
                ".jsonl" => File.ReadLines(file).SelectMany(Member),
                ".tsv" => File.ReadLines(file).SelectMany(line => line.Split('\t')),
                ".csv" => File.ReadLines(file),
                _ => [],
            })
            .SelectMany(Pieces)
            .Where(piece => piece.Length >= Shortest)
            .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Member(string line)
    {
        var text = JsonElement.Parse(line);
        foreach (var name in (string[])["text", "prompt"])
        {
            if (text.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                yield return value.GetString()!;
        }
    }

    private static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length; start += Longest)
            yield return text.Substring(start, Math.Min(Longest, text.Length - start)).Replace("\0", "", StringComparison.Ordinal).Trim();
    }
}
