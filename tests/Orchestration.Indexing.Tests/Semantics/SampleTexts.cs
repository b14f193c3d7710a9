using Orchestration.Indexing.Analysis;

namespace Orchestration.Indexing.Tests.Semantics;

/// <summary>Short texts about a few themes; two texts of a theme share some of its words.</summary>
internal static class SampleTexts
{
    private static readonly string[][] Themes =
    [
        ["parcel", "courier", "delivery", "address", "doorstep", "tracking"],
        ["invoice", "payment", "refund", "currency", "account", "receipt"],
        ["river", "mountain", "valley", "glacier", "spring", "forest"],
        ["退货", "运费", "包裹", "快递", "地址", "签收"],
    ];

    public static IEnumerable<string> Take(int count)
    {
        var random = new Random(3);
        for (var i = 0; i < count; i++)
            yield return string.Join(' ', random.GetItems(Themes[i % Themes.Length], 4)) + $" number{i}";
    }

    public static List<TermCounts> Count(int count)
    {
        using var analyser = new TextAnalyzer();
        return [.. Take(count).Select(analyser.Count)];
    }
}
