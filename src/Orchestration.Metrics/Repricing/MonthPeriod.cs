using System.Globalization;
using Orchestration.Metrics.Budgets.Periods;
using Orchestration.Metrics.Reports;

namespace Orchestration.Metrics.Repricing;

/// <summary>A calendar month in a time zone, with the bounds that reports and budgets cut it by.</summary>
internal sealed record MonthPeriod(string Month, string TimeZone, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Null when the month or the zone cannot be read.</summary>
    public static MonthPeriod? Read(string month, string timeZone)
    {
        var zone = timeZone.Length == 0 ? "UTC" : timeZone;
        return DateOnly.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is > 1970 and < 9990 && BudgetCalendar.IsZone(zone)
            ? new MonthPeriod(month, zone, ReportPeriods.StartOf(first, zone), ReportPeriods.StartOf(first.AddMonths(1), zone))
            : null;
    }
}
