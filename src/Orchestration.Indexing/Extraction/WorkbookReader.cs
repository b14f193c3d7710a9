using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Orchestration.Indexing.Extraction;

/// <summary>The visible sheets of a workbook, each a table below its name, read row by row.</summary>
internal sealed class WorkbookReader
{
    private const int MostColumns = 512;
    private readonly List<string> _shared;
    private readonly CellFormats _formats;

    private WorkbookReader(List<string> shared, CellFormats formats) => (_shared, _formats) = (shared, formats);

    public static void Read(SpreadsheetDocument document, TextSink sink)
    {
        sink.Title = TextSink.OneLine(document.PackageProperties.Title ?? "");
        if (document.WorkbookPart is not { Workbook.Sheets: { } sheets } workbook)
            throw UnreadableFile.Malformed("XLSX");

        var reader = new WorkbookReader(Shared(workbook.SharedStringTablePart), new CellFormats(workbook.WorkbookStylesPart?.Stylesheet));
        foreach (var sheet in sheets.Elements<Sheet>())
        {
            var isVisible = sheet.State is null || sheet.State.Value == SheetStateValues.Visible;
            if (isVisible && sheet.Id?.Value is { } id && workbook.GetPartById(id) is WorksheetPart part)
                reader.Read(sheet.Name?.Value ?? "", part, sink);
        }
    }

    private static List<string> Shared(SharedStringTablePart? part)
    {
        var strings = new List<string>();
        if (part is null)
            return strings;
        using var reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            if (reader.ElementType == typeof(SharedStringItem) && reader.IsStartElement)
                strings.Add(Said(reader.LoadCurrentElement()!));
        }

        return strings;
    }

    private void Read(string name, WorksheetPart part, TextSink sink)
    {
        using var reader = OpenXmlReader.Create(part);
        var table = new TableSink(sink, headingLevel: 2);
        var isFirst = true;
        while (reader.Read())
        {
            if (reader.ElementType != typeof(Row) || !reader.IsStartElement)
                continue;
            var cells = Cells((Row)reader.LoadCurrentElement()!);
            if (cells.TrueForAll(string.IsNullOrWhiteSpace))
                continue;
            if (isFirst)
                sink.Heading(1, name);
            isFirst = false;
            table.Row(cells);
        }

        table.End();
    }

    private List<string> Cells(Row row)
    {
        var cells = new List<string>();
        foreach (var cell in row.Elements<Cell>())
        {
            var column = Column(cell.CellReference?.Value) ?? cells.Count;
            if (column >= MostColumns)
                break;
            while (cells.Count < column)
                cells.Add("");
            cells.Add(Value(cell));
        }

        return cells;
    }

    private string Value(Cell cell)
    {
        var value = cell.CellValue?.Text ?? "";
        var type = cell.DataType?.Value;
        if (type == CellValues.SharedString)
            return int.TryParse(value, out var place) && place >= 0 && place < _shared.Count ? _shared[place] : "";
        if (type == CellValues.InlineString)
            return cell.InlineString is { } inline ? Said(inline) : "";
        if (type == CellValues.Boolean)
            return value == "1" ? "true" : "false";
        return type is null || type == CellValues.Number ? _formats.Show(value, cell.StyleIndex?.Value) : value;
    }

    // Readings of Japanese words stand beside the words themselves.
    private static string Said(OpenXmlElement item) =>
        string.Concat(item.Descendants<Text>().Where(text => text.Parent is not PhoneticRun).Select(text => text.Text));

    private static int? Column(string? reference)
    {
        var column = 0;
        foreach (var letter in reference ?? "")
        {
            if (letter is < 'A' or > 'Z')
                break;
            column = Math.Min((column * 26) + letter - 'A' + 1, MostColumns + 1);
        }

        return column > 0 ? column - 1 : null;
    }
}
