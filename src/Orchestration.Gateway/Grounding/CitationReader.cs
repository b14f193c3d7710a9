using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Grounding;

/// <summary>Finds where an answer names its sources, the statements that it names them for, and how much of these the sources have.</summary>
internal static class CitationReader
{
    /// <summary>Fills in the citations of an answer.</summary>
    public static void Read(string answer, Grounded grounded)
    {
        var sources = grounded.Sources.ToDictionary(source => source.Number, source => LexicalTerms.Of($"{source.Title} {source.Text}"));
        var statement = (Start: 0, End: 0);
        var previousEnd = 0;
        foreach (var marker in CitationMarker.FindAll(answer))
        {
            // Markers in a row stand behind the same statement.
            if (!answer.AsSpan(previousEnd, marker.Start - previousEnd).IsWhiteSpace())
                statement = Statement(answer, previousEnd, marker.Start);
            Add(grounded, marker, statement, LexicalTerms.Of(answer.AsSpan(statement.Start, statement.End - statement.Start)), sources);
            previousEnd = marker.End;
        }
    }

    private static void Add(
        Grounded grounded, CitationMarker marker, (int Start, int End) statement, HashSet<string> terms, Dictionary<int, HashSet<string>> sources)
    {
        foreach (var number in marker.Numbers)
        {
            if (sources.TryGetValue(number, out var source))
            {
                grounded.Citations.Add(new Citation
                {
                    Number = number,
                    StatementStart = statement.Start,
                    StatementEnd = statement.End,
                    Support = LexicalTerms.Share(terms, source),
                });
            }
            else if (!grounded.UnknownCitations.Contains(number))
            {
                grounded.UnknownCitations.Add(number);
            }
        }
    }

    /// <summary>The sentence that ends at a marker, or what of it stands behind the marker before.</summary>
    private static (int Start, int End) Statement(string answer, int from, int to)
    {
        var end = to;
        while (end > from && char.IsWhiteSpace(answer[end - 1]))
            end--;
        var start = end;
        // The stop of the sentence itself may stand before the marker.
        while (start > from && IsStop(answer, start - 1))
            start--;
        while (start > from && !IsStop(answer, start - 1))
            start--;
        while (start < end && (char.IsWhiteSpace(answer[start]) || IsStop(answer, start)))
            start++;
        return (start, end);
    }

    // A point inside a number or a name ends nothing.
    private static bool IsStop(string text, int at) => text[at] switch
    {
        '。' or '！' or '？' or '；' or '\n' => true,
        '.' or '!' or '?' => at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]) || text[at + 1] is '[' or '【',
        _ => false,
    };
}
