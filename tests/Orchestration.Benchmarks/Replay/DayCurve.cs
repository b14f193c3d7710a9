namespace Orchestration.Benchmarks.Replay;

/// <summary>When the requests of a day arrive: little at night, most in one hour of the afternoon.</summary>
internal sealed class DayCurve
{
    private const int PeakHour = 15;
    private static readonly double[] Hours = [1, 0.6, 0.5, 0.4, 0.4, 0.6, 1, 2, 3.5, 5, 5.5, 5, 4.5, 5, 6, 10, 6, 5, 4, 3.5, 3, 2.5, 2, 1.5];
    private readonly TimeSpan _day;
    private readonly double _total = Hours.Sum();

    public DayCurve(TimeSpan day) => _day = day;

    /// <summary>A provider is away from an hour before the peak to an hour after it.</summary>
    public (TimeSpan From, TimeSpan To) Outage => (_day * ((PeakHour - 1) / 24.0), _day * ((PeakHour + 2) / 24.0));

    /// <summary>When a request comes, by its place among all of the day.</summary>
    public TimeSpan TimeOf(int place, int count)
    {
        var left = (place + 0.5) / count * _total;
        for (var hour = 0; ; hour++)
        {
            if (left <= Hours[hour] || hour == Hours.Length - 1)
                return _day * ((hour + Math.Min(1, left / Hours[hour])) / 24);
            left -= Hours[hour];
        }
    }
}
