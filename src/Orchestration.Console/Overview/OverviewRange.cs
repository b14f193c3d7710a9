using System.Globalization;

namespace Orchestration.Console.Overview;

/// <summary>The time that the overview looks back on.</summary>
/// <param name="Name">As it stands in the address.</param>
/// <param name="Length">How far back.</param>
/// <param name="Grain">Length of a bar: "hour" or "day".</param>
internal sealed record OverviewRange(string Name, TimeSpan Length, string Grain)
{
    public static readonly IReadOnlyList<OverviewRange> All =
        [new("24h", TimeSpan.FromHours(23), "hour"), new("7d", TimeSpan.FromDays(6), "day"), new("30d", TimeSpan.FromDays(29), "day")];

    public static OverviewRange Find(string? name) => All.FirstOrDefault(range => range.Name == name) ?? All[0];

    /// <summary>Start and end of the range, whole hours or days of the viewer's clock, in the form of reports.</summary>
    public (string From, string To) At(DateTimeOffset now) => Grain == "hour"
        ? (Hour(now - Length), Hour(now + TimeSpan.FromHours(1)))
        : (Day(now - Length), Day(now + TimeSpan.FromDays(1)));

    public static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Hour(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH':00:00'zzz", CultureInfo.InvariantCulture);
}
