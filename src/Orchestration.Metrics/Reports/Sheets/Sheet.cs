namespace Orchestration.Metrics.Reports.Sheets;

/// <summary>A table for people: texts, whole numbers, and amounts that are exact to the last digit.</summary>
/// <param name="Name">Name of the sheet and of the file.</param>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">Cells: <see langword="string"/>, <see langword="long"/>, <see langword="decimal"/>, <see langword="double"/> for milliseconds, or null.</param>
internal sealed record Sheet(string Name, IReadOnlyList<string> Columns, IEnumerable<object?[]> Rows);
