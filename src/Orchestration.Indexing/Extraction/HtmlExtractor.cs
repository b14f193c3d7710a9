using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Orchestration.Indexing.Extraction;

/// <summary>What a page shows: no scripts, no styles, nothing hidden, of links and images their words only.</summary>
internal sealed class HtmlExtractor : ITextExtractor
{
    public void Extract(SourceFile file, ExtractionOptions limits, TextSink sink)
    {
        using var page = new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(TextDecoder.Decode(file));
        sink.Title = TextSink.OneLine(page.Title ?? "");
        if (page.Body is { } body)
            new Walk(sink).Read(body);
    }

    private sealed class Walk(TextSink sink)
    {
        private const int MaxDepth = 512;
        private readonly StringBuilder _line = new();

        public void Read(IElement body)
        {
            Children(body, 0);
            Flush();
        }

        private void Children(INode parent, int depth)
        {
            if (depth > MaxDepth)
                throw UnreadableFile.TooDeep();
            foreach (var node in parent.ChildNodes)
            {
                if (node is IText text)
                    _line.Append(text.Data);
                else if (node is IElement element && IsShown(element))
                    Read(element, depth + 1);
            }
        }

        private void Read(IElement element, int depth)
        {
            switch (element.LocalName)
            {
                case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                    Flush();
                    sink.Heading(element.LocalName[1] - '0', element.TextContent);
                    break;
                case "pre":
                    Flush();
                    sink.Code(element.TextContent);
                    break;
                case "table":
                    Flush();
                    Table(element);
                    break;
                case "li" or "dt" or "dd":
                    Flush();
                    Children(element, depth);
                    Flush(item: element.LocalName == "li");
                    break;
                case "br":
                    _line.Append('\n');
                    break;
                case "img":
                    _line.Append(' ').Append(element.GetAttribute("alt")).Append(' ');
                    break;
                case var name when IsInline(name):
                    Children(element, depth);
                    break;
                default:
                    Flush();
                    Children(element, depth);
                    Flush();
                    break;
            }
        }

        private void Table(IElement table)
        {
            // A table without a row of several cells is there for the layout.
            var rows = table.QuerySelectorAll("tr").Where(row => row.Closest("table") == table).ToList();
            if (!rows.Exists(row => row.Children.Length > 1) || table.QuerySelector("table") is not null)
            {
                foreach (var cell in rows.SelectMany(row => row.Children))
                    Children(cell, 0);
                Flush();
                return;
            }

            var sinkRows = new TableSink(sink, headingLevel: 3);
            foreach (var row in rows)
                sinkRows.Row([.. row.Children.Where(IsShown).Select(cell => cell.TextContent)]);
            sinkRows.End();
        }

        private void Flush(bool item = false)
        {
            if (_line.Length == 0)
                return;
            var lines = _line.ToString().Split('\n').Select(TextSink.OneLine).Where(line => line.Length > 0);
            var text = string.Join(' ', lines);
            _line.Clear();
            if (item)
                sink.Item(text);
            else
                sink.Paragraph(text);
        }

        private static bool IsShown(IElement element)
        {
            if (element.LocalName is "script" or "style" or "template" or "noscript" or "iframe" or "object" or "svg" or "math" or "head" or "select" or "button" or "nav")
                return false;
            if (element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true")
                return false;
            var style = (element.GetAttribute("style") ?? "").Replace(" ", "", StringComparison.Ordinal);
            return !style.Contains("display:none", StringComparison.OrdinalIgnoreCase)
                && !style.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase)
                && !style.Contains("font-size:0", StringComparison.OrdinalIgnoreCase);
        }

        private static bool IsInline(string name) => name is
            "a" or "abbr" or "b" or "bdi" or "bdo" or "cite" or "code" or "data" or "del" or "dfn" or "em" or "font" or "i" or "ins" or "kbd" or "label"
            or "mark" or "q" or "s" or "samp" or "small" or "span" or "strong" or "sub" or "sup" or "time" or "tt" or "u" or "var" or "wbr";
    }
}
