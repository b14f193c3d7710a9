using System.Net;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Admin;

/// <summary>Reports by REST, as finance and spreadsheets ask for them.</summary>
public sealed class ReportAdminTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Question_of_the_address_reaches_the_ledger()
    {
        using var response = await fixture.Gateway.Admin.GetAsync(
            "/admin/v1/reports?tenant_id=acme&from=2026-01-01&to=2027-01-01&time_zone=Asia/Shanghai&group_by=model&group_by=provider&models=a&models=b", Cancellation);

        var report = await response.JsonAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        report.GetProperty("timeZone").GetString().ShouldBe("Asia/Shanghai");
        report.GetProperty("groupBy").EnumerateArray().Select(name => name.GetString()).ShouldBe(["model", "provider"]);
        report.GetProperty("rows")[0].GetProperty("values").EnumerateArray().Select(name => name.GetString()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Refused_question_is_the_callers_fault()
    {
        using var refused = await fixture.Gateway.Admin.GetAsync("/admin/v1/reports?top=-1", Cancellation);
        using var mistyped = await fixture.Gateway.Admin.GetAsync("/admin/v1/reports?groupby=model", Cancellation);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        mistyped.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await mistyped.Content.ReadAsStringAsync(Cancellation)).ShouldContain("groupby");
    }

    [Fact]
    public async Task Report_is_a_download_with_its_type_and_name()
    {
        using var response = await fixture.Gateway.Admin.GetAsync("/admin/v1/reports:export?report.tenant_id=acme&format=csv", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        response.Content.Headers.ContentDisposition!.FileName!.Trim('"').ShouldBe("usage.csv");
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("acme");
    }

    [Fact]
    public async Task Statement_is_asked_for_by_its_month()
    {
        using var response = await fixture.Gateway.Admin.GetAsync("/admin/v1/statements/2026-10?tenant_id=acme", Cancellation);
        using var file = await fixture.Gateway.Admin.GetAsync("/admin/v1/statements/2026-10:export?statement.tenant_id=acme&format=xlsx", Cancellation);

        (await response.JsonAsync()).GetProperty("month").GetString().ShouldBe("2026-10");
        file.Content.Headers.ContentDisposition!.FileName!.Trim('"').ShouldBe("statement-2026-10.xlsx");
        (await file.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe([1, 0, 2]);
    }
}
