using System.Globalization;
using Orchestration.Console.Formatting;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Overview;

/// <summary>A measure over time as bars of groups on top of each other.</summary>
/// <param name="Labels">Periods, oldest first.</param>
/// <param name="Series">Groups with a height for each period.</param>
internal sealed record CourseChart(IReadOnlyList<string> Labels, IReadOnlyList<CourseSeries> Series)
{
    public static readonly IReadOnlyList<string> Measures = ["cost", "requests", "tokens"];

    public static CourseChart Of(Report course, string measure, string currency, string others)
    {
        // A period without a row had no usage; one that only other currencies have stands all the same.
        var periods = course.Rows.Select(row => row.Period).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var series = course.Rows
            .Where(row => measure != "cost" || row.Cost?.Currency == currency)
            .GroupBy(row => row.Other ? others : row.Values is [{ Length: > 0 } value] ? value : "–", StringComparer.Ordinal)
            .Select(group => new CourseSeries(group.Key, [.. periods.Select(period => group.Where(row => row.Period == period).Sum(row => HeightOf(row, measure)))]))
            .OrderByDescending(group => group.Heights.Sum());
        return new CourseChart([.. periods.Select(Label)], [.. series]);
    }

    /// <summary>"13:00" of an hour, "11-23" of a day.</summary>
    private static string Label(string period) => period.Contains('T', StringComparison.Ordinal) ? period[11..16] : period[5..];

    private static decimal HeightOf(ReportRow row, string measure) => measure switch
    {
        "requests" => row.Requests,
        "tokens" => OverviewData.TokensOf(row),
        _ => Amounts.Read(row.Cost),
    };

    /// <summary>The figure in the unit of the measure.</summary>
    public static string Format(decimal height, string measure, string currency) =>
        measure == "cost" ? Amounts.Short(height, currency) : height.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>One group.</summary>
/// <param name="Name">Value of the dimension.</param>
/// <param name="Heights">By period.</param>
internal sealed record CourseSeries(string Name, IReadOnlyList<decimal> Heights);
