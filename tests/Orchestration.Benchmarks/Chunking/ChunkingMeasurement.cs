using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Chunking;

namespace Orchestration.Benchmarks.Chunking;

internal sealed record ChunkingFigures(
    string Name, int Chunks, double MeanCharacters, double Recall, double Low, double High, double Precision,
    IReadOnlyDictionary<string, double> RecallByCorpus, bool AreOffsetsExact);

/// <summary>Share of the marked characters that the best five chunks hold, and share of those chunks that is marked.</summary>
internal sealed class ChunkingMeasurement(MarkedSet set)
{
    private const int Best = 5;
    private const int Resamples = 1_000;

    public ChunkingFigures Measure(string name, Func<string, List<TextPiece>> cut)
    {
        using var analyser = new TextAnalyzer();
        var pieces = set.Corpora.ToDictionary(corpus => corpus.Key, corpus => cut(corpus.Value));
        var rankings = set.Corpora.ToDictionary(corpus => corpus.Key, corpus => new ChunkRanking(
            analyser, [.. pieces[corpus.Key].Select(piece => $"{piece.Headings}\n{corpus.Value[piece.Start..piece.End]}")]));
        var hits = set.Questions.Select(question =>
        {
            var best = rankings[question.Corpus].Best(question.Text, Best).Select(i => pieces[question.Corpus][i]).ToList();
            var covered = best.Sum(piece => question.Answers.Sum(answer => Math.Max(0, Math.Min(piece.End, answer.End) - Math.Max(piece.Start, answer.Start))));
            return (question.Corpus, Recall: (double)covered / question.Answers.Sum(answer => answer.End - answer.Start), Precision: (double)covered / best.Sum(piece => piece.End - piece.Start));
        }).ToList();

        var (low, high) = Interval([.. hits.Select(hit => hit.Recall)]);
        var all = pieces.Values.SelectMany(list => list).ToList();
        return new ChunkingFigures(
            name, all.Count, all.Average(piece => piece.End - piece.Start), hits.Average(hit => hit.Recall), low, high, hits.Average(hit => hit.Precision),
            hits.GroupBy(hit => hit.Corpus).ToDictionary(group => group.Key, group => group.Average(hit => hit.Recall)),
            set.Corpora.All(corpus => IsExact(corpus.Value, pieces[corpus.Key])));
    }

    // Between the pieces, in order, there is nothing but white space: then no character is lost, doubled or shifted.
    private static bool IsExact(string text, List<TextPiece> pieces)
    {
        var end = 0;
        foreach (var piece in pieces)
        {
            if (piece.Start < end || piece.End <= piece.Start || !text.AsSpan(end, piece.Start - end).IsWhiteSpace())
                return false;
            end = piece.End;
        }

        return text.AsSpan(end).IsWhiteSpace();
    }

    private static (double Low, double High) Interval(double[] values)
    {
        var random = new Random(1);
        var means = Enumerable.Range(0, Resamples).Select(_ => random.GetItems(values, values.Length).Average()).Order().ToArray();
        return (means[Resamples / 40], means[Resamples - (Resamples / 40)]);
    }
}
