using Grpc.Core;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Reports;
using Orchestration.ServiceDefaults;

namespace Orchestration.Metrics.Tests.Reports;

public sealed class ReportRefusalTests(MetricsFixture fixture) : ReportTesting(fixture), IClassFixture<MetricsFixture>
{
    [Theory]
    [InlineData("time_zone", "Mars/Olympus", "", "")]
    [InlineData("grain", "UTC", "week", "")]
    [InlineData("grain", "UTC", "hour", "")]
    [InlineData("group_by", "UTC", "month", "colour")]
    [InlineData("group_by", "UTC", "month", "model,model")]
    [InlineData("group_by", "UTC", "month", "end_user,model")]
    [InlineData("time_zone", "Asia/Shanghai", "month", "end_user")]
    [InlineData("tag_name", "UTC", "month", "tag")]
    public void Question_that_cannot_be_answered_exactly_is_refused_by_its_parameter(string param, string zone, string grain, string groups)
    {
        var request = new ReportRequest { TenantId = "acme", From = "2025-01-01", To = "2027-01-01", TimeZone = zone, Grain = grain };
        request.GroupBy.AddRange(groups.Split(',', StringSplitOptions.RemoveEmptyEntries));

        ReportQuestionReading.Read(request).ShouldBeOfType<ReportReading.Refused>().Param.ShouldBe(param);
    }

    [Theory]
    [InlineData("from", "2026-13-01", "2026-12-01")]
    [InlineData("from", "2026-11-01T10:07:00Z", "2026-12-01")]
    [InlineData("from", "", "2026-12-01")]
    [InlineData("to", "2026-11-01", "2026-11-01")]
    [InlineData("to", "2026-11-01", "2037-12-01")]
    [InlineData("to", "2026-11-01", "tomorrow")]
    public void Range_that_is_none_is_refused(string param, string from, string to) =>
        ReportQuestionReading.Read(new ReportRequest { TenantId = "acme", From = from, To = to }).ShouldBeOfType<ReportReading.Refused>().Param.ShouldBe(param);

    [Fact]
    public void Instants_on_a_quarter_of_an_hour_are_taken()
    {
        var read = ReportQuestionReading.Read(new ReportRequest { TenantId = "acme", From = "2026-11-01T10:15:00+08:00", To = "2026-11-01T12:00:00+08:00" });

        read.ShouldBeOfType<ReportReading.Understood>().Question.Periods.From.ShouldBe(new DateTimeOffset(2026, 11, 1, 2, 15, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Refusal_names_its_parameter_to_the_caller()
    {
        var refused = await Should.ThrowAsync<RpcException>(Reports.GetReportAsync(Year("acme", request => request.Top = -1), Calls).ResponseAsync);

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldContain("0 to 1000");
    }

    [Theory]
    [InlineData("2026-13", "", "")]
    [InlineData("2026-11", "Mars/Olympus", "")]
    [InlineData("9999-12", "", "")]
    [InlineData("2026-11", "", "colour")]
    [InlineData("2026-11", "Asia/Shanghai", "tag:team")]
    public async Task Statement_that_cannot_be_drawn_up_is_refused(string month, string zone, string costCentre)
    {
        var request = new StatementRequest { TenantId = "acme", Month = month, TimeZone = zone, CostCentre = costCentre };

        (await Should.ThrowAsync<RpcException>(Reports.GetStatementAsync(request, Calls).ResponseAsync)).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Format_that_is_none_is_refused() =>
        (await Should.ThrowAsync<RpcException>(Reports.ExportReportAsync(new ExportReportRequest { Report = Year("acme"), Format = "pdf" }, Calls).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);

    [Fact]
    public async Task Only_the_gateway_may_ask()
    {
        (await Should.ThrowAsync<RpcException>(Reports.GetReportAsync(Year("acme"), CallsOf(ResourceNames.Routing)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(Reports.GetStatementAsync(new StatementRequest(), CallsOf(ResourceNames.Indexing)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }
}
