using Orchestration.Indexing.Analysis;

namespace Orchestration.Benchmarks.Chunking;

/// <summary>BM25 over a few hundred chunks in memory, with the product's analyser; the same for every way to cut.</summary>
internal sealed class ChunkRanking(TextAnalyzer analyser, IReadOnlyList<string> chunks)
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly TermCounts[] _counts = [.. chunks.Select(analyser.Count)];

    public IEnumerable<int> Best(string question, int count)
    {
        var mean = _counts.Average(chunk => (double)chunk.Length);
        var scores = new double[_counts.Length];
        foreach (var term in analyser.Count(question).Terms)
            Add(term, mean, scores);
        return Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count);
    }

    private void Add(string term, double mean, double[] scores)
    {
        var places = _counts.Select(chunk => Array.BinarySearch(chunk.Terms, term, StringComparer.Ordinal)).ToArray();
        var found = places.Count(place => place >= 0);
        var idf = Math.Log(1 + ((_counts.Length - found + 0.5) / (found + 0.5)));
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] < 0)
                continue;
            var frequency = _counts[i].Counts[places[i]];
            scores[i] += idf * frequency * (K1 + 1) / (frequency + (K1 * (1 - B + (B * _counts[i].Length / mean))));
        }
    }
}
