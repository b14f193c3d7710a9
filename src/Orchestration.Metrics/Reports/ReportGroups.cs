using System.Data.Common;

namespace Orchestration.Metrics.Reports;

/// <summary>The rows of a report while they are gathered.</summary>
internal sealed class ReportGroups
{
    private const char Separator = '\u001F';
    private readonly Dictionary<(int Period, string Values), SortedDictionary<string, UsageReportRow>> _rows = [];

    public int Count { get; private set; }

    /// <summary>Whether a group has more than one row in a period.</summary>
    public bool HasSeveralCurrencies => _rows.Values.Any(rows => rows.Count > 1);

    public IEnumerable<UsageReportRow> All => _rows.Values.SelectMany(row => row.Values);

    public static string[] Values(DbDataReader reader, int count) => [.. Enumerable.Range(0, count).Select(reader.GetString)];

    /// <summary>The row of a group; made when it is not there.</summary>
    public UsageReportRow At(int period, string[] values, string currency)
    {
        var key = (period, string.Join(Separator, values));
        if (!_rows.TryGetValue(key, out var rows))
            _rows[key] = rows = new SortedDictionary<string, UsageReportRow>(StringComparer.Ordinal);
        if (rows.TryGetValue(currency, out var row))
            return row;
        Count++;
        return rows[currency] = new UsageReportRow { Period = period, Values = values, Currency = currency };
    }

    /// <summary>The first row of a group in whatever currency; null when nothing was used.</summary>
    public UsageReportRow? Find(int period, string[] values) =>
        _rows.TryGetValue((period, string.Join(Separator, values)), out var rows) ? rows.Values.First() : null;

    /// <summary>Rows by period, currency and order; of groups beyond the asked number one sum per period.</summary>
    public IReadOnlyList<UsageReportRow> Rows(ReportQuestion question)
    {
        var ranks = Ranks(question.Order);
        var rows = question.Top is { } top ? Fold(row => ranks[(row.Currency, Name(row))] < top) : All;
        return
        [
            .. rows.OrderBy(row => row.Period).ThenBy(row => row.Currency, StringComparer.Ordinal)
                .ThenBy(row => row.Values is null ? int.MaxValue : ranks[(row.Currency, Name(row))]),
        ];
    }

    /// <summary>Sums of everything by currency.</summary>
    public IReadOnlyList<UsageReportRow> Totals()
    {
        var totals = new SortedDictionary<string, UsageReportRow>(StringComparer.Ordinal);
        foreach (var row in All)
        {
            if (!totals.TryGetValue(row.Currency, out var total))
                totals[row.Currency] = total = new UsageReportRow { Values = [], Currency = row.Currency };
            total.Add(row);
        }

        return [.. totals.Values];
    }

    private static string Name(UsageReportRow row) => string.Join(Separator, row.Values!);

    // Groups rank by the whole range, so that a group keeps its place from period to period.
    private Dictionary<(string Currency, string Name), int> Ranks(ReportOrder order) => All
        .GroupBy(row => (row.Currency, Name: Name(row)))
        .Select(group => (group.Key, Size: group.Sum(row => Size(row.Sums, order))))
        .GroupBy(group => group.Key.Currency)
        .SelectMany(groups => groups
            .OrderByDescending(group => group.Size).ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select((group, rank) => (group.Key, rank)))
        .ToDictionary(ranked => ranked.Key, ranked => ranked.rank);

    private List<UsageReportRow> Fold(Func<UsageReportRow, bool> isTold)
    {
        List<UsageReportRow> rows = [];
        Dictionary<(int?, string), UsageReportRow> others = [];
        foreach (var row in All)
        {
            if (isTold(row))
            {
                rows.Add(row);
                continue;
            }

            if (!others.TryGetValue((row.Period, row.Currency), out var other))
                others[(row.Period, row.Currency)] = other = new UsageReportRow { Period = row.Period, Currency = row.Currency };
            other.Add(row);
        }

        return [.. rows, .. others.Values];
    }

    private static decimal Size(ReportSums sums, ReportOrder order) => order switch
    {
        ReportOrder.Requests => sums.Requests,
        ReportOrder.Tokens => sums.Tokens,
        _ => sums.Cost,
    };
}
