using System.Globalization;

namespace Orchestration.Metrics.Repricing;

/// <summary>A calendar month in a time zone.</summary>
internal sealed record MonthPeriod(string Month, string TimeZone, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Null when the month or the zone cannot be read.</summary>
    public static MonthPeriod? Read(string month, string timeZone)
    {
        var zoneId = timeZone.Length == 0 ? "UTC" : timeZone;
        return DateOnly.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is > 1970 and < 9990 && TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone)
            ? new MonthPeriod(month, zoneId, StartOf(first, zone), StartOf(first.AddMonths(1), zone))
            : null;
    }

    // Where midnight does not exist, the month begins with the first instant that does.
    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
