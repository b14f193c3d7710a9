using System.Runtime.InteropServices;

namespace Orchestration.Indexing.Analysis;

/// <summary>The distinct terms of a text in ordinal order, and how often each stands in it.</summary>
internal sealed record TermCounts(string[] Terms, int[] Counts)
{
    /// <summary>Terms of the text, repetitions counted.</summary>
    public int Length { get; } = Counts.Sum();

    public static TermCounts Of(IEnumerable<string> terms)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var term in terms)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out _)++;
        var sorted = counts.Keys.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        return new TermCounts(sorted, [.. sorted.Select(term => counts[term])]);
    }
}
