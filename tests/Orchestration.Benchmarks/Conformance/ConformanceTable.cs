using System.Globalization;
using System.Text;
using Orchestration.Testing;
using Spectre.Console;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>The table, on the screen and in the documentation.</summary>
internal sealed class ConformanceTable(IReadOnlyList<(VendorRow Row, IReadOnlyDictionary<string, CellResult> Cells)> rows)
{
    private const string Begin = "<!-- conformance:begin -->";
    private const string End = "<!-- conformance:end -->";

    public static string Document => Path.Combine(RepositoryRoot.Path, "docs", "providers.md");

    public int Count(CellMark mark) => rows.Sum(r => r.Cells.Values.Count(c => c.Mark == mark));

    public void Show()
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var name in Headings(Columns.Short))
            table.AddColumn(new TableColumn(Markup.Escape(name)).Padding(0, 0));
        foreach (var fields in rows.Select(Fields))
            table.AddRow([.. fields.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
        foreach (var (row, cells) in rows)
        {
            foreach (var (column, cell) in cells.Where(c => c.Value.Mark == CellMark.Fails))
                Screen.Wrong($"✗ {row.Row}, {column}: {cell.Reason}");
        }
    }

    /// <summary>Puts the table between its marks.</summary>
    public void Write()
    {
        var text = File.ReadAllText(Document);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{Document} has no marks for the table.");
        File.WriteAllText(Document, text[..(from + Begin.Length)] + "\n" + Markdown() + text[to..]);
    }

    private string Markdown()
    {
        var text = new StringBuilder();
        Line(text, Headings(c => c));
        Line(text, Headings(_ => "---"));
        foreach (var row in rows)
            Line(text, Fields(row));
        text.Append(CultureInfo.InvariantCulture, $"\n–, besides what a vendor has no model for: {string.Join("; ", Absences())}.\n");
        return text.ToString();
    }

    private IEnumerable<string> Absences() => rows
        .SelectMany(r => r.Row.None.Select(n => (What: $"{n.Key}, {n.Value}", r.Row.Row)))
        .GroupBy(n => n.What)
        .Select(g => $"{g.Key} ({string.Join(", ", g.Select(n => n.Row))})");

    private static void Line(StringBuilder text, IEnumerable<string> fields) => text.Append("| ").AppendJoin(" | ", fields).Append(" |\n");

    private static IEnumerable<string> Headings(Func<string, string> name) => [name("vendor"), name("proof"), name("golden files"), .. Columns.All.Select(name)];

    private static IEnumerable<string> Fields((VendorRow Row, IReadOnlyDictionary<string, CellResult> Cells) row) =>
    [
        row.Row.Row,
        VendorProfileFacts.Of(row.Row.Provider)?.Proof ?? "no profile",
        GoldenFiles.Of(row.Row),
        .. Columns.All.Select(c => row.Cells[c].Symbol),
    ];
}
