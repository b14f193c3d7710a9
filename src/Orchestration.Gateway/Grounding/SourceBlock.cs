using System.Globalization;
using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Grounding;

/// <summary>Passages as data in a prompt: numbered, within a budget, between marks that no document can know.</summary>
internal static class SourceBlock
{
    // The marks around a passage and its heading.
    private const int TokensPerHeading = 16;

    /// <summary>The best passages that fit, numbered from 1 in their order. The first is shown even when it fits nothing.</summary>
    public static List<Source> Choose(IReadOnlyList<Passage> passages, int contextTokens, string model)
    {
        var sources = new List<Source>(passages.Count);
        long tokens = 0;
        foreach (var passage in passages)
        {
            tokens += TextMeasure.EstimateTokens(TextMeasure.Measure(passage.Text) + TextMeasure.Measure(passage.Title), model) + TokensPerHeading;
            if (tokens > contextTokens && sources.Count > 0)
                break;
            sources.Add(new Source
            {
                Number = sources.Count + 1,
                DocumentId = passage.DocumentId,
                Title = passage.Title,
                Chunk = passage.Chunk,
                StartOffset = passage.StartOffset,
                EndOffset = passage.EndOffset,
                Text = passage.Text,
            });
        }

        return sources;
    }

    /// <summary>The block of a prompt that quotes the sources.</summary>
    /// <param name="sources">What is quoted.</param>
    /// <param name="mark">Part of the marks; must not be known to who writes documents.</param>
    public static string Write(IReadOnlyList<Source> sources, string mark)
    {
        var block = new StringBuilder().Append("<sources-").Append(mark).Append(">\n");
        foreach (var source in sources)
        {
            block.Append(CultureInfo.InvariantCulture, $"[{source.Number}]");
            if (source.Title.Length > 0)
                block.Append(' ').Append(source.Title.ReplaceLineEndings(" "));
            block.Append('\n').Append(source.Text).Append("\n\n");
        }

        return block.Append("</sources-").Append(mark).Append('>').ToString();
    }
}
