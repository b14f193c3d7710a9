using CsvHelper;
using Google.Protobuf;
using MiniExcelLibs;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Reports.Sheets;

/// <summary>Writes sheets as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets know it) or XLSX.</summary>
/// <remarks>
/// Texts come from clients: one that a spreadsheet would take for a formula is written behind an apostrophe. Spreadsheets calculate
/// with 15 digits; amounts stand in the files with all of theirs.
/// </remarks>
internal static class SheetFile
{
    public const string Csv = "csv";
    public const string Xlsx = "xlsx";

    private const int LongestSheetName = 31;

    private const string FormulaStarts = "=@+-\t\r\n";

    // Spreadsheets that are set to Chinese or Japanese run these too; the writer of CSV looks at ASCII only.
    private const string WideFormulaStarts = "＝＠＋－";

    private static readonly CsvWriterOptions Form =
        CsvWriterOptions.Default with { Injection = CsvInjection.Escape, InjectionCharacters = FormulaStarts, WriteByteOrderMark = true };

    public static bool IsFormat(string format) => format is Csv or Xlsx;

    public static ReportFile Write(Sheet sheet, string format)
    {
        using var content = new MemoryStream();
        if (format == Csv)
            WriteCsv(sheet, content);
        else
            WriteXlsx(sheet, content);
        return new ReportFile
        {
            Name = $"{sheet.Name}.{format}",
            ContentType = format == Csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Content = ByteString.CopyFrom(content.GetBuffer().AsSpan(0, (int)content.Length)),
        };
    }

    private static void WriteCsv(Sheet sheet, Stream content)
    {
        using var writer = CsvWriter.Create(content, Form, leaveOpen: true);
        foreach (var row in sheet.Rows.Prepend([.. sheet.Columns]))
        {
            foreach (var cell in row)
                writer.WriteField(cell is string { Length: > 0 } text && WideFormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : Short(cell));
            writer.EndRecord();
        }
    }

    private static void WriteXlsx(Sheet sheet, Stream content)
    {
        // Texts of an XLSX file are typed, so that none is ever a formula.
        var rows = sheet.Rows.Select(row => sheet.Columns.Zip(row).ToDictionary(cell => cell.First, cell => Short(cell.Second)));
        var name = sheet.Name.Length > LongestSheetName ? sheet.Name[..LongestSheetName] : sheet.Name;
        content.SaveAs(rows.DefaultIfEmpty(sheet.Columns.ToDictionary(column => column, _ => (object?)null)), sheetName: name);
    }

    // The division takes the zeros at the end away, and nothing else.
    private static object? Short(object? cell) => cell is decimal amount ? amount / 1.0000000000000000000000000000m : cell;
}
