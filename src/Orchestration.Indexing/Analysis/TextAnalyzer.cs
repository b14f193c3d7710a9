using Lucene.Net.Analysis.TokenAttributes;

namespace Orchestration.Indexing.Analysis;

/// <summary>
/// Turns text of any mix of scripts into the terms that are indexed and looked up: English words without endings, Chinese characters
/// and pairs of them. Documents and queries pass through the same one.
/// </summary>
internal sealed class TextAnalyzer : IDisposable
{
    /// <summary>Changes with every change of the terms that a text gives; an index made by another version must be built anew.</summary>
    public const int Version = 1;

    /// <summary>What is longer is no word that anybody looks for, and would not fit the index's keys.</summary>
    private const int LongestTerm = 64;

    private readonly MixedScriptAnalyzer _analyzer = new();

    /// <summary>All terms of a text, in its order; pairs of characters stand beside the characters.</summary>
    public List<string> Terms(string text)
    {
        var terms = new List<string>();
        using var stream = _analyzer.GetTokenStream("", text);
        var term = stream.GetAttribute<ICharTermAttribute>();
        stream.Reset();
        while (stream.IncrementToken())
        {
            if (term.Length is > 0 and <= LongestTerm)
                terms.Add(term.ToString());
        }

        stream.End();
        return terms;
    }

    public TermCounts Count(string text) => TermCounts.Of(Terms(text));

    public void Dispose() => _analyzer.Dispose();
}
