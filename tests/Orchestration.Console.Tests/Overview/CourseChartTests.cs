using Orchestration.Console.Overview;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Console.Tests.Overview;

public sealed class CourseChartTests
{
    private readonly Report _course = new()
    {
        Rows =
        {
            Row("2026-11-21", "small", "0.10", "USD", 3),
            Row("2026-11-21", "large", "2.50", "USD", 1),
            Row("2026-11-22", "small", "0.20", "USD", 5),
            Row("2026-11-22", "small", "9.00", "CNY", 2),
        },
    };

    [Fact]
    public void Currencies_are_never_added()
    {
        var chart = CourseChart.Of(_course, "cost", "USD", "others");

        chart.Labels.ShouldBe(["11-21", "11-22"]);
        chart.Series.Select(series => series.Name).ShouldBe(["large", "small"]);
        chart.Series[0].Heights.ShouldBe([2.50m, 0m]);
        chart.Series[1].Heights.ShouldBe([0.10m, 0.20m]);
    }

    [Fact]
    public void Requests_of_all_currencies_are_one_figure() =>
        CourseChart.Of(_course, "requests", "", "others").Series.Single(series => series.Name == "small").Heights.ShouldBe([3m, 7m]);

    [Fact]
    public void Groups_below_the_first_have_one_name()
    {
        _course.Rows.Add(new ReportRow { Period = "2026-11-22", Other = true, Requests = 4 });

        CourseChart.Of(_course, "requests", "", "others").Series.Single(series => series.Name == "others").Heights.ShouldBe([0m, 4m]);
    }

    [Fact]
    public void Hour_is_labelled_by_its_time() =>
        CourseChart.Of(new Report { Rows = { Row("2026-11-22T13:00+08:00", "a", "1", "USD", 1) } }, "cost", "USD", "others").Labels.ShouldBe(["13:00"]);

    private static ReportRow Row(string period, string model, string amount, string currency, long requests) =>
        new() { Period = period, Values = { model }, Cost = new Money { Amount = amount, Currency = currency }, Requests = requests };
}
