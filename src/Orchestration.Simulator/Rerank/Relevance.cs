using Orchestration.Simulator.Embeddings;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Rerank;

/// <summary>
/// How well a document answers a query: the similarity of their vectors, and how much of the query's words, rare ones counting more,
/// the document holds.
/// </summary>
internal static class Relevance
{
    private const int Dimensions = 512;
    private const double WordShare = 0.6;

    /// <summary>All documents with their scores from 0 to 1, best first; equals keep their order.</summary>
    public static List<(int Index, double Score)> Order(string query, IReadOnlyList<string> documents)
    {
        var vector = TextVector.Of(query, Dimensions);
        var words = Words(query);
        var held = documents.Select(Words).ToList();
        var weights = words.ToDictionary(word => word, word => Math.Log(1 + (1.0 + documents.Count) / (1 + held.Count(document => document.Contains(word)))));
        var whole = weights.Values.Sum();
        return [.. documents.Select((document, index) => (index, Score(document, index))).OrderByDescending(item => item.Item2).ThenBy(item => item.index)];

        double Score(string document, int index)
        {
            var similarity = Math.Max(0, Dot(vector, TextVector.Of(document, Dimensions)));
            var covered = whole == 0 ? similarity : weights.Where(word => held[index].Contains(word.Key)).Sum(word => word.Value) / whole;
            return Math.Round(Math.Clamp(WordShare * covered + (1 - WordShare) * similarity, 0, 1), 6);
        }
    }

    private static double Dot(float[] left, float[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>Words in small letters, and pairs of neighbouring Chinese characters.</summary>
    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var position = 0;
        while (position < text.Length)
        {
            var start = position;
            var cjk = TokenScanner.IsCjk(text[position]) && char.IsLetter(text[position]);
            while (position < text.Length && char.IsLetterOrDigit(text[position]) && TokenScanner.IsCjk(text[position]) == cjk)
                position++;
            if (position == start)
                position++;
            else if (!cjk || position - start == 1)
                words.Add(text[start..position].ToLowerInvariant());
            else
                for (var pair = start; pair + 1 < position; pair++)
                    words.Add(text.Substring(pair, 2));
        }
        return words;
    }
}
