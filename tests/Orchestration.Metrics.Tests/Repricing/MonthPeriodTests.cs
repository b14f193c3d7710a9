using System.Globalization;
using Orchestration.Metrics.Reports;
using Orchestration.Metrics.Repricing;

namespace Orchestration.Metrics.Tests.Repricing;

public sealed class MonthPeriodTests
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Asia/Shanghai")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Chatham")]
    [InlineData("America/Havana")]
    [InlineData("Africa/Cairo")]
    [InlineData("Asia/Beirut")]
    [InlineData("America/St_Johns")]
    public void Months_that_are_closed_are_those_of_reports(string zone)
    {
        var periods = ReportPeriods.Cut(ReportPeriods.StartOf(new DateOnly(2024, 1, 1), zone), ReportPeriods.StartOf(new DateOnly(2031, 1, 1), zone), zone, ReportGrain.Month, 1_000)!;

        var months = Enumerable.Range(0, 84).Select(month => MonthPeriod.Read(new DateOnly(2024, 1, 1).AddMonths(month).ToString("yyyy-MM", CultureInfo.InvariantCulture), zone)!).ToList();

        months.Select(month => (month.Month, month.From, month.To)).ShouldBe(periods.All.Select(period => (periods.NameOf(period), period.From, period.To)));
    }

    // A statement names the zone as reports do: a month that was closed under another name would never be told as closed.
    [Theory]
    [InlineData("China Standard Time")]
    [InlineData("Mars/Olympus")]
    public void Zones_have_the_names_that_reports_know(string zone) => MonthPeriod.Read("2026-10", zone).ShouldBeNull();
}
