using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Orchestration.Indexing.Extraction;

/// <summary>The body of a Word document: headings by their styles, lists, tables; nothing that is hidden or deleted.</summary>
internal sealed class WordReader
{
    private readonly Dictionary<string, int> _levels;
    private readonly TextSink _sink;

    private WordReader(Dictionary<string, int> levels, TextSink sink) => (_levels, _sink) = (levels, sink);

    public static void Read(WordprocessingDocument document, TextSink sink)
    {
        sink.Title = TextSink.OneLine(document.PackageProperties.Title ?? "");
        if (document.MainDocumentPart is { Document.Body: { } body } main)
            new WordReader(Levels(main.StyleDefinitionsPart?.Styles), sink).Read(body);
        sink.EndBlock();
    }

    private void Read(OpenXmlElement parent)
    {
        foreach (var element in parent.ChildElements)
        {
            if (element is Paragraph paragraph)
                Read(paragraph);
            else if (element is Table table)
                Read(table);
            else if (element is SdtBlock or SdtContentBlock or CustomXmlBlock or InsertedRun)
                Read(element);
        }
    }

    private void Read(Paragraph paragraph)
    {
        var text = Text(paragraph);
        if (Level(paragraph) is > 0 and var level)
            _sink.Heading(level, text);
        else if (paragraph.ParagraphProperties?.NumberingProperties is not null)
            _sink.Item(text);
        else
            _sink.Paragraph(text);
    }

    private void Read(Table table)
    {
        var rows = new TableSink(_sink, headingLevel: 3);
        foreach (var row in table.Elements<TableRow>())
            rows.Row([.. row.Elements<TableCell>().Select(Text)]);
        rows.End();
    }

    private int Level(Paragraph paragraph)
    {
        var properties = paragraph.ParagraphProperties;
        if (properties?.OutlineLevel?.Val?.Value is { } outline and < 6)
            return outline + 1;
        return properties?.ParagraphStyleId?.Val?.Value is { } style ? _levels.GetValueOrDefault(style) : 0;
    }

    private static Dictionary<string, int> Levels(Styles? styles)
    {
        var levels = new Dictionary<string, int>();
        foreach (var style in styles?.Elements<Style>() ?? [])
        {
            if (style.StyleId?.Value is { } id && Level(style) is > 0 and var level)
                levels[id] = level;
        }

        return levels;
    }

    // Names of styles that come with Word are English in the file, whatever language it shows them in.
    private static int Level(Style style)
    {
        var name = style.StyleName?.Val?.Value ?? "";
        if (name.Equals("title", StringComparison.OrdinalIgnoreCase))
            return 1;
        if (name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(name.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level is >= 1 and <= 6)
            return level;
        return style.StyleParagraphProperties?.OutlineLevel?.Val?.Value is { } outline and < 6 ? outline + 1 : 0;
    }

    private static string Text(OpenXmlElement parent)
    {
        var text = new StringBuilder();
        foreach (var element in parent.Descendants())
        {
            if (element is Text run && IsShown(run))
                text.Append(run.Text);
            else if (element is TabChar)
                text.Append(' ');
            else if (element is Break or CarriageReturn)
                text.Append('\n');
            else if (element is Paragraph && text.Length > 0)
                text.Append('\n');
        }

        return text.ToString();
    }

    private static bool IsShown(Text text) =>
        text.Parent is not Run { RunProperties.Vanish: { } vanish } || vanish.Val?.Value == false
            ? !text.Ancestors<AlternateContentFallback>().Any()
            : false;
}
