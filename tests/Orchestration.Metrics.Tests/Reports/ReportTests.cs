using System.Globalization;
using NodaTime;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Tests.Reports;

public sealed class ReportTests(MetricsFixture fixture) : ReportTesting(fixture), IClassFixture<MetricsFixture>
{
    // In this range clocks are set back in Berlin and New York, and forward on Lord Howe by half an hour.
    private static readonly DateTimeOffset First = new(2026, 9, 20, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Range = TimeSpan.FromDays(60);

    [Theory]
    [InlineData("month", "UTC", "")]
    [InlineData("month", "Asia/Shanghai", "project")]
    [InlineData("month", "America/New_York", "provider,model")]
    [InlineData("day", "Europe/Berlin", "model")]
    [InlineData("day", "Asia/Kathmandu", "project,key,route")]
    [InlineData("day", "Australia/Lord_Howe", "")]
    [InlineData("hour", "Australia/Lord_Howe", "class")]
    [InlineData("hour", "Europe/Berlin", "purpose")]
    [InlineData("", "Pacific/Apia", "project,class,purpose")]
    [InlineData("day", "UTC", "end_user")]
    [InlineData("month", "UTC", "tag")]
    [InlineData("month", "UTC", "tenant,key")]
    [InlineData("month", "Asia/Shanghai", "project,provider,model")]
    [InlineData("day", "UTC", "project,model")]
    public async Task Report_equals_the_sums_of_what_was_told(string grain, string zone, string dimensions)
    {
        var tenant = NewTenant();
        var random = new Random(grain.Length + zone.Length * 31 + dimensions.Length);
        var told = Enumerable.Range(0, 150).Select(_ => ToldRequest.Any(tenant, random, First, Range)).ToList();
        await RecordAsync(told);
        var groups = dimensions.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var request = new ReportRequest
        {
            TenantId = tenant, From = "2026-09-20", To = "2026-11-22", TimeZone = zone, Grain = grain, GroupBy = { groups }, TagName = groups.Contains("tag") ? "team" : "",
        };

        var report = await Reports.GetReportAsync(request, Calls);

        var (from, to) = (StartOf(2026, 9, 20, zone), StartOf(2026, 11, 22, zone));
        var expected = told
            .Where(one => !one.Simulated && one.StartedAt >= from && one.StartedAt < to && (one.Team is not null || !groups.Contains("tag")))
            .GroupBy(one => (Period: PeriodOf(one.StartedAt, grain, zone), Values: string.Join('|', groups.Select(one.ValueOf))))
            .ToDictionary(group => group.Key, group => (
                (long)group.Count(), (long)group.Count(one => one.Failed), group.Sum(one => one.Cost), group.Sum(one => one.Baseline is { } baseline ? baseline - one.Cost : 0), group.Sum(one => one.Input)));
        report.Rows.ToDictionary(
                row => (row.Period, Values: string.Join('|', row.Values)),
                row => (row.Requests, row.FailedRequests, Amount(row.Cost), Amount(row.Saved), row.Tokens.Input))
            .ShouldBe(expected, ignoreOrder: true);
        Amount(report.Totals.ShouldHaveSingleItem().Cost).ShouldBe(expected.Values.Sum(sums => sums.Item3));
    }

    [Fact]
    public async Task Filters_leave_only_what_they_name()
    {
        var tenant = NewTenant();
        var random = new Random(5);
        var told = Enumerable.Range(0, 120).Select(_ => ToldRequest.Any(tenant, random, First, Range)).ToList();
        await RecordAsync(told);

        var report = await Reports.GetReportAsync(
            Year(tenant, request => { request.ProjectIds.Add("project-1"); request.Models.AddRange(["model-0", "model-2"]); request.GroupBy.Add("key"); }), Calls);

        var kept = told.Where(one => !one.Simulated && one.Project == "project-1" && one.Model != "model-1");
        report.Rows.ToDictionary(row => row.Values[0], row => Amount(row.Cost))
            .ShouldBe(kept.GroupBy(one => one.Key).ToDictionary(group => group.Key, group => group.Sum(one => one.Cost)), ignoreOrder: true);
    }

    [Fact]
    public async Task Groups_below_the_top_are_summed_and_nothing_is_lost()
    {
        var tenant = NewTenant();
        var random = new Random(6);
        var told = Enumerable.Range(0, 100).Select(_ => ToldRequest.Any(tenant, random, First, Range) with { Simulated = false }).ToList();
        await RecordAsync(told);

        var report = await Reports.GetReportAsync(Year(tenant, request => { request.GroupBy.Add("end_user"); request.Top = 2; request.Order = "requests"; request.Grain = "month"; }), Calls);

        var largest = told.GroupBy(one => one.EndUser).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(2).Select(group => group.Key);
        report.Rows.Where(row => !row.Other).Select(row => row.Values[0]).Distinct().ShouldBe(largest, ignoreOrder: true);
        report.Rows.Where(row => row.Other).Select(row => row.Period).ShouldBeUnique();
        report.Rows.Sum(row => row.Requests).ShouldBe(100);
        report.Rows.Sum(row => Amount(row.Cost)).ShouldBe(told.Sum(one => one.Cost));
    }

    [Fact]
    public async Task Two_currencies_are_never_added()
    {
        var tenant = NewTenant();
        var random = new Random(7);
        var told = Enumerable.Range(0, 40).Select(number => ToldRequest.Any(tenant, random, First, Range) with { Simulated = false, Currency = number % 2 == 0 ? "CNY" : "USD" }).ToList();
        await RecordAsync(told);

        var report = await Reports.GetReportAsync(Year(tenant), Calls);

        report.Rows.ToDictionary(row => row.Cost.Currency, row => Amount(row.Cost))
            .ShouldBe(told.GroupBy(one => one.Currency).ToDictionary(group => group.Key, group => group.Sum(one => one.Cost)), ignoreOrder: true);
        report.Totals.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Simulated_work_is_told_apart()
    {
        var tenant = NewTenant();
        var random = new Random(8);
        var told = Enumerable.Range(0, 30).Select(number => ToldRequest.Any(tenant, random, First, Range) with { Simulated = number % 3 == 0 }).ToList();
        await RecordAsync(told);

        (await Reports.GetReportAsync(Year(tenant), Calls)).Rows.Single().Requests.ShouldBe(20);
        (await Reports.GetReportAsync(Year(tenant, request => request.Simulated = true), Calls)).Rows.Single().Requests.ShouldBe(10);
    }

    [Fact]
    public async Task Percentiles_are_those_of_the_successful_requests_within_two_percent()
    {
        var tenant = NewTenant();
        var random = new Random(9);
        var told = Enumerable.Range(0, 300).Select(_ => ToldRequest.Any(tenant, random, First, Range) with { Simulated = false }).ToList();
        await RecordAsync(told);

        var report = await Reports.GetReportAsync(Year(tenant, request => request.Details.Add("latency")), Calls);

        var duration = report.Rows.Single().Latency.Duration;
        var times = told.Where(one => !one.Failed).Select(one => one.Milliseconds).Order().ToList();
        duration.Count.ShouldBe(times.Count);
        foreach (var (share, told95) in new[] { (0.5, duration.P50Ms), (0.95, duration.P95Ms), (0.99, duration.P99Ms) })
        {
            // Postgres keeps microseconds, which a millisecond feels.
            var exact = times[(int)Math.Ceiling(times.Count * share) - 1];
            told95.ShouldBe(exact, exact * 0.021 + 0.5);
        }
    }

    [Fact]
    public async Task Failures_and_providers_costs_stand_beside_their_rows()
    {
        var tenant = NewTenant();
        var random = new Random(10);
        var told = Enumerable.Range(0, 60).Select(_ => ToldRequest.Any(tenant, random, First, Range) with { Simulated = false }).ToList();
        await RecordAsync(told);

        var report = await Reports.GetReportAsync(Year(tenant, request => { request.GroupBy.Add("provider"); request.Details.AddRange(["failures", "provider_costs"]); }), Calls);

        foreach (var row in report.Rows)
        {
            var mine = told.Where(one => one.Provider == row.Values[0]).ToList();
            row.Failures.Select(failure => (failure.Code, failure.OfAttempts, failure.Count))
                .ShouldBe([("provider_overloaded", false, mine.Count(one => one.Failed)), ("provider_overloaded", true, mine.Count(one => one.Failed))], ignoreOrder: true);
            Amount(row.ProviderCosts.ShouldHaveSingleItem()).ShouldBe(mine.Count * 0.000031360000001m);
        }
    }

    [Fact]
    public async Task All_tenants_are_summed_for_an_operator()
    {
        var (one, other) = (NewTenant(), NewTenant());
        await RecordAsync([new ToldRequest(First) { Tenant = one, Cost = 1, Project = "p" }, new ToldRequest(First) { Tenant = other, Cost = 2, Project = "p" }]);

        var report = await Reports.GetReportAsync(Year("", request => request.GroupBy.Add("tenant")), Calls);

        report.Rows.Where(row => row.Values[0] == one || row.Values[0] == other).Select(row => Amount(row.Cost)).ShouldBe([1m, 2m], ignoreOrder: true);
    }

    [Fact]
    public async Task Hour_is_cut_short_once_where_clocks_move_by_half_an_hour()
    {
        var tenant = NewTenant();
        var change = new DateTimeOffset(2026, 10, 3, 15, 30, 0, TimeSpan.Zero);
        await RecordAsync(new[] { -15, 15, 45 }.Select(minutes => new ToldRequest(change.AddMinutes(minutes)) { Tenant = tenant, Cost = 1 }));

        var report = await Reports.GetReportAsync(
            new ReportRequest { TenantId = tenant, From = "2026-10-04", To = "2026-10-05", TimeZone = "Australia/Lord_Howe", Grain = "hour" }, Calls);

        report.Rows.Select(row => row.Period).ShouldBe(["2026-10-04T01:00+10:30", "2026-10-04T02:30+11:00", "2026-10-04T03:00+11:00"]);
    }

    [Theory]
    [InlineData("2026-09-20", "2026-11-22")]
    [InlineData("2026-10-01", "2026-11-01")]
    [InlineData("2026-10-03", "2026-10-20")]
    public async Task End_users_of_any_days_are_summed_from_months_and_days(string from, string to)
    {
        var tenant = NewTenant();
        var random = new Random(15);
        var told = Enumerable.Range(0, 120).Select(_ => ToldRequest.Any(tenant, random, First, Range) with { Simulated = false }).ToList();
        await RecordAsync(told);

        var report = await Reports.GetReportAsync(new ReportRequest { TenantId = tenant, From = from, To = to, GroupBy = { "end_user" } }, Calls);

        var (first, end) = (DateTimeOffset.Parse(from + "Z", CultureInfo.InvariantCulture), DateTimeOffset.Parse(to + "Z", CultureInfo.InvariantCulture));
        report.Rows.ToDictionary(row => row.Values[0], row => Amount(row.Cost)).ShouldBe(
            told.Where(one => one.StartedAt >= first && one.StartedAt < end).GroupBy(one => one.EndUser).ToDictionary(group => group.Key, group => group.Sum(one => one.Cost)), ignoreOrder: true);
    }

    [Fact]
    public async Task Tenant_without_usage_has_an_empty_report()
    {
        var report = await Reports.GetReportAsync(Year(NewTenant(), request => request.Details.AddRange(["latency", "failures", "provider_costs"])), Calls);

        report.Rows.ShouldBeEmpty();
        report.Totals.ShouldBeEmpty();
        report.AsOf.ShouldNotBeNull();
    }

    private static DateTimeOffset StartOf(int year, int month, int day, string zone) =>
        DateTimeZoneProviders.Tzdb[zone].AtStartOfDay(new LocalDate(year, month, day)).ToDateTimeOffset();

    private static string PeriodOf(DateTimeOffset moment, string grain, string zone)
    {
        var local = Instant.FromDateTimeOffset(moment).InZone(DateTimeZoneProviders.Tzdb[zone]);
        return grain switch
        {
            "month" => local.ToString("yyyy'-'MM", CultureInfo.InvariantCulture),
            "day" => local.ToString("yyyy'-'MM'-'dd", CultureInfo.InvariantCulture),
            "hour" => $"{local.LocalDateTime.ToString("yyyy'-'MM'-'dd'T'HH", CultureInfo.InvariantCulture)}:00{local.ToDateTimeOffset():zzz}",
            _ => "",
        };
    }
}
