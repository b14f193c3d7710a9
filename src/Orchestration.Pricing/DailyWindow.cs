namespace Orchestration.Pricing;

/// <summary>A compiled time-of-day window: half-open ranges of the local day in one time zone.</summary>
internal sealed class DailyWindow(TimeZoneInfo zone, int dayMask, (int From, int To)[] ranges)
{
    public bool Contains(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        var isoDay = local.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek;
        if ((dayMask & 1 << isoDay) == 0) return false;

        var minute = local.Hour * 60 + local.Minute;
        foreach (var (from, to) in ranges)
            if (minute >= from && minute < to) return true;
        return false;
    }
}
