using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis;
using UglyToad.PdfPig.DocumentLayoutAnalysis.PageSegmenter;
using UglyToad.PdfPig.DocumentLayoutAnalysis.ReadingOrderDetector;
using UglyToad.PdfPig.DocumentLayoutAnalysis.WordExtractor;
using UglyToad.PdfPig.Exceptions;

namespace Orchestration.Indexing.Extraction;

/// <summary>The text of a PDF, block by block in the order in which a person reads; short blocks in larger letters are headings.</summary>
internal sealed class PdfExtractor : ITextExtractor
{
    private const double HeadingSize = 1.15;
    private const int LongestHeading = 150;

    public void Extract(SourceFile file, ExtractionOptions limits, TextSink sink)
    {
        using var pdf = Open(file.Bytes);
        if (pdf.NumberOfPages > limits.MaxPages)
            throw UnreadableFile.TooManyPages(limits.MaxPages);

        sink.Title = TextSink.OneLine(pdf.Information.Title ?? "");
        var blocks = new List<Block>();
        long characters = 0;
        foreach (var page in pdf.GetPages())
        {
            var read = Read(page);
            blocks.AddRange(read);
            characters += read.Sum(block => (long)block.Text.Length);
            if (characters > limits.MaxTextCharacters)
                throw UnreadableFile.TooMuchText(limits.MaxTextCharacters);
        }

        if (characters == 0)
            throw UnreadableFile.NoText(" Scanned pages are images: run a text recognition over them first.");
        Write(blocks, sink);
    }

    private static PdfDocument Open(byte[] bytes)
    {
        try
        {
            return PdfDocument.Open(bytes, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
        }
        catch (PdfDocumentEncryptedException)
        {
            throw UnreadableFile.Encrypted();
        }
    }

    private static List<Block> Read(Page page)
    {
        var words = page.GetWords(NearestNeighbourWordExtractor.Instance).Where(word => !string.IsNullOrWhiteSpace(word.Text)).ToList();
        if (words.Count == 0)
            return [];
        var ordered = UnsupervisedReadingOrderDetector.Instance.Get(DocstrumBoundingBoxes.Instance.GetBlocks(words)).OrderBy(block => block.ReadingOrder);
        return [.. ordered.SelectMany(block => Parts(block.TextLines)).Select(part => new Block(Join(part), Size(part[0])))];
    }

    // A heading often stands so near to what follows that it seems one block with it.
    private static List<List<TextLine>> Parts(IReadOnlyList<TextLine> lines)
    {
        var parts = new List<List<TextLine>>();
        foreach (var line in lines)
        {
            if (parts.Count == 0 || Math.Abs(Size(parts[^1][^1]) - Size(line)) > Size(line) / 10)
                parts.Add([]);
            parts[^1].Add(line);
        }

        return parts;
    }

    private static double Size(TextLine line) => Math.Round(line.Words.SelectMany(word => word.Letters).Average(letter => letter.PointSize), 1);

    private static string Join(List<TextLine> lines)
    {
        var text = new StringBuilder();
        foreach (var word in lines.SelectMany(line => line.Words).Select(word => word.Text.Trim()))
        {
            if (text.Length > 1 && text[^1] == '-' && char.IsLetter(text[^2]) && char.IsLower(word[0]))
                text.Length--;
            else if (text.Length > 0 && !(IsIdeographic(text[^1]) && IsIdeographic(word[0])))
                text.Append(' ');
            text.Append(word);
        }

        return text.ToString();
    }

    private static void Write(List<Block> blocks, TextSink sink)
    {
        var usual = blocks.GroupBy(block => block.Size).MaxBy(size => size.Sum(block => block.Text.Length))!.Key;
        var headings = blocks.Where(IsHeading).Select(block => block.Size).Distinct().OrderDescending().Take(4).ToList();
        foreach (var block in blocks)
        {
            if (IsHeading(block))
                sink.Heading(headings.IndexOf(block.Size) is >= 0 and var level ? level + 1 : headings.Count, block.Text);
            else
                sink.Paragraph(block.Text);
        }

        bool IsHeading(Block block) => block.Size > usual * HeadingSize && block.Text.Length <= LongestHeading;
    }

    private static bool IsIdeographic(char character) => character is >= '\u2E80' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF';

    private sealed record Block(string Text, double Size);
}
