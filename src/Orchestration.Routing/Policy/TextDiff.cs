using System.Text;

namespace Orchestration.Routing.Policy;

/// <summary>A unified diff of two texts, by the longest common subsequence of their lines.</summary>
internal static class TextDiff
{
    private const int Context = 3;

    // Beyond it the middle is told as one replaced block: a table of all pairs would be too large.
    private const long MostPairs = 4_000_000;

    public static string Unified(string name, string before, string after)
    {
        var (old, fresh) = (Lines(before), Lines(after));
        var edits = Edits(old, fresh);
        var text = new StringBuilder($"--- {name}\n+++ {name}\n");
        var at = 0;
        while (at < edits.Count)
        {
            if (edits[at].Kind == ' ')
            {
                at++;
                continue;
            }

            var start = Math.Max(0, at - Context);
            var end = EndOfHunk(edits, at);
            Hunk(text, edits, start, end);
            at = end;
        }

        return text.ToString();
    }

    private static int EndOfHunk(List<Edit> edits, int at)
    {
        var (last, i) = (at, at);
        for (; i < edits.Count && i - last <= 2 * Context; i++)
            if (edits[i].Kind != ' ') last = i;
        return Math.Min(edits.Count, last + Context + 1);
    }

    private static void Hunk(StringBuilder text, List<Edit> edits, int start, int end)
    {
        var hunk = edits[start..end];
        var oldLine = edits.Take(start).Count(e => e.Kind != '+') + 1;
        var newLine = edits.Take(start).Count(e => e.Kind != '-') + 1;
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"@@ -{oldLine},{hunk.Count(e => e.Kind != '+')} +{newLine},{hunk.Count(e => e.Kind != '-')} @@\n");
        foreach (var edit in hunk) text.Append(edit.Kind).Append(edit.Line).Append('\n');
    }

    private static List<Edit> Edits(string[] old, string[] fresh)
    {
        var head = 0;
        while (head < old.Length && head < fresh.Length && old[head] == fresh[head]) head++;
        var tail = 0;
        while (tail < old.Length - head && tail < fresh.Length - head && old[^(tail + 1)] == fresh[^(tail + 1)]) tail++;
        List<Edit> edits = [.. old[..head].Select(line => new Edit(' ', line))];
        edits.AddRange(Middle(old[head..^tail], fresh[head..^tail]));
        edits.AddRange(old[^tail..].Select(line => new Edit(' ', line)));
        return edits;
    }

    private static IEnumerable<Edit> Middle(string[] old, string[] fresh)
    {
        if ((long)old.Length * fresh.Length > MostPairs) return [.. old.Select(line => new Edit('-', line)), .. fresh.Select(line => new Edit('+', line))];
        var common = new int[old.Length + 1, fresh.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = fresh.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == fresh[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        return Walk(old, fresh, common);
    }

    private static IEnumerable<Edit> Walk(string[] old, string[] fresh, int[,] common)
    {
        var (i, j) = (0, 0);
        while (i < old.Length || j < fresh.Length)
        {
            if (i < old.Length && j < fresh.Length && old[i] == fresh[j])
            {
                yield return new Edit(' ', old[i++]);
                j++;
            }
            else if (j == fresh.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return new Edit('-', old[i++]);
            }
            else
            {
                yield return new Edit('+', fresh[j++]);
            }
        }
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private readonly record struct Edit(char Kind, string Line);
}
