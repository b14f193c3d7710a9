using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Search;

/// <summary>Makes passages that follow each other in a document one, in the place of the better.</summary>
internal static class NeighbourMerging
{
    public static List<Passage> Merge(IReadOnlyList<Passage> ranked)
    {
        var runs = ranked
            .GroupBy(passage => passage.DocumentId)
            .SelectMany(document => Runs([.. document.OrderBy(passage => passage.Chunk)]))
            .Select(Joined)
            .ToDictionary(run => run.Best, run => run.Passage);
        return [.. ranked.Where(runs.ContainsKey).Select(passage => runs[passage])];
    }

    private static IEnumerable<List<Passage>> Runs(List<Passage> ordered)
    {
        var run = new List<Passage>();
        foreach (var passage in ordered)
        {
            if (run.Count > 0 && passage.Chunk != run[^1].LastChunk + 1)
            {
                yield return run;
                run = [];
            }

            run.Add(passage);
        }

        yield return run;
    }

    private static (Passage Best, Passage Passage) Joined(List<Passage> run)
    {
        var best = run.MaxBy(passage => passage.Score)!;
        if (run.Count == 1)
            return (best, best);

        var joined = best.Clone();
        joined.Chunk = run[0].Chunk;
        joined.LastChunk = run[^1].LastChunk;
        joined.StartOffset = run[0].StartOffset;
        joined.EndOffset = run[^1].EndOffset;
        joined.Text = run.Skip(1).Aggregate((run[0].Text, run[0].EndOffset), Append).Text;
        return (best, joined);
    }

    // Chunks leave out the white space between them; of what they share, one copy stays.
    private static (string Text, int EndOffset) Append((string Text, int EndOffset) before, Passage next)
    {
        var gap = next.StartOffset - before.EndOffset;
        var text = gap < 0 ? before.Text + next.Text[Math.Min(-gap, next.Text.Length)..] : before.Text + (gap > 0 ? "\n" : "") + next.Text;
        return (text, next.EndOffset);
    }
}
