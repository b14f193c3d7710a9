using CsvHelper;

namespace Orchestration.Indexing.Extraction;

/// <summary>Tables of values between commas, semicolons, tabs or bars; the first row names the columns.</summary>
internal sealed class CsvExtractor : ITextExtractor
{
    private const int MaxRecordBytes = 1024 * 1024;
    private static readonly CsvReaderOptions Options = CsvReaderOptions.Default with { HasHeader = false, MaxRecordSize = MaxRecordBytes };

    public void Extract(SourceFile file, ExtractionOptions limits, TextSink sink)
    {
        using var rows = CsvReader.FromText(TextDecoder.Decode(file), Options);
        var table = new TableSink(sink, headingLevel: 2);
        while (rows.Read())
            table.Row([.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetString)]);
        table.End();
    }
}
