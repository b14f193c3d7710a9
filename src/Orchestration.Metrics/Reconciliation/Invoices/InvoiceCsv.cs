using System.Globalization;

namespace Orchestration.Metrics.Reconciliation.Invoices;

/// <summary>Reads what a provider charges by day and model.</summary>
internal static class InvoiceCsv
{
    private const int MaxLines = 20_000;
    private const int MaxModel = 200;
    private const int MaxScale = 15;
    private const decimal Limit = 1_000_000_000_000m;

    /// <summary>The amounts by day and model; the problem says where the text is wrong, and is null when it is not.</summary>
    public static (SortedDictionary<(DateOnly Day, string Model), decimal> Lines, string? Problem) Read(string csv)
    {
        var lines = new SortedDictionary<(DateOnly Day, string Model), decimal>();
        var rows = csv.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var header = Fields(rows[0]).ConvertAll(name => name.ToUpperInvariant());
        var (day, model, amount) = (header.IndexOf("DAY"), header.IndexOf("MODEL"), header.IndexOf("AMOUNT"));
        if (day < 0 || model < 0 || amount < 0)
            return (lines, "line 1: the columns day, model and amount are expected");
        if (rows.Length > MaxLines + 2)
            return (lines, $"more than {MaxLines} lines");

        for (var index = 1; index < rows.Length; index++)
        {
            if (string.IsNullOrWhiteSpace(rows[index]))
                continue;

            var fields = Fields(rows[index]);
            if (fields.Count != header.Count)
                return (lines, $"line {index + 1}: {header.Count} columns are expected");
            if (!DateOnly.TryParseExact(fields[day], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) || on.Year is < 2020 or > 2199)
                return (lines, $"line {index + 1}: not a day");
            if (fields[model].Length is 0 or > MaxModel || fields[model].Contains('\0', StringComparison.Ordinal))
                return (lines, $"line {index + 1}: not a model");
            if (!decimal.TryParse(fields[amount], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var money)
                || Math.Abs(money) >= Limit || decimal.Round(money, MaxScale) != money)
                return (lines, $"line {index + 1}: not an amount");

            lines[(on, fields[model])] = lines.GetValueOrDefault((on, fields[model])) + money;
        }

        return (lines, lines.Count == 0 ? "no lines" : null);
    }

    // Quotes may hold a comma, and a quote when it is doubled.
    private static List<string> Fields(string row)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var index = 0; index < row.Length; index++)
        {
            var character = row[index];
            if (character == '"' && quoted && index + 1 < row.Length && row[index + 1] == '"')
                field.Append(row[++index]);
            else if (character == '"')
                quoted = !quoted;
            else if (character == ',' && !quoted)
                Take();
            else
                field.Append(character);
        }

        Take();
        return fields;

        void Take()
        {
            fields.Add(field.ToString().Trim());
            field.Clear();
        }
    }
}
