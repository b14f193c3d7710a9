using System.Globalization;
using System.Text;
using CsvHelper;
using MiniExcelLibs;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Tests.Reports;

public sealed class ReportFileTests(MetricsFixture fixture) : ReportTesting(fixture), IClassFixture<MetricsFixture>
{
    private static readonly DateTimeOffset Start = new(2026, 10, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Csv_says_what_the_report_says_to_the_last_digit()
    {
        var request = await TellAsync("=HYPERLINK(\"http://x\";\"y\")", "a \"quoted\", name\r\nof two lines");

        var report = await Reports.GetReportAsync(request, Calls);
        var file = await Reports.ExportReportAsync(new ExportReportRequest { Report = request, Format = "csv" }, Calls);

        file.ContentType.ShouldBe("text/csv; charset=utf-8");
        file.Name.ShouldBe("usage-20260101-20270101.csv");
        var lines = Parse(file.Content.ToByteArray());
        var (project, cost) = (Array.IndexOf(lines[0], "project"), Array.IndexOf(lines[0], "cost"));
        lines.Skip(1).Take(report.Rows.Count).Select(line => (line[project], line[cost]))
            .ShouldBe(report.Rows.Select(row => (row.Values[0].StartsWith('=') ? "'" + row.Values[0] : row.Values[0], Amount(row.Cost).ToString(CultureInfo.InvariantCulture))));
        lines[^1][0].ShouldBe("total");
        decimal.Parse(lines[^1][cost], CultureInfo.InvariantCulture).ShouldBe(Amount(report.Totals.Single().Cost));
    }

    [Fact]
    public async Task Workbook_says_what_the_report_says_to_the_last_digit()
    {
        var request = await TellAsync("=1+1", "项目");

        var report = await Reports.GetReportAsync(request, Calls);
        var file = await Reports.ExportReportAsync(new ExportReportRequest { Report = request, Format = "xlsx" }, Calls);

        file.ContentType.ShouldBe("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        using var content = new MemoryStream(file.Content.ToByteArray());
        var rows = content.Query(useHeaderRow: true).Cast<IDictionary<string, object?>>().ToList();
        rows.Take(report.Rows.Count).Select(row => ((string)row["project"]!, Convert.ToInt64(row["requests"], CultureInfo.InvariantCulture)))
            .ShouldBe(report.Rows.Select(row => (row.Values[0], row.Requests)));
        content.Position = 0;
        SheetText(content).ShouldContain($">{Amount(report.Rows[0].Cost).ToString(CultureInfo.InvariantCulture)}<");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public async Task Empty_report_is_a_file_with_headings(string format)
    {
        var file = await Reports.ExportReportAsync(new ExportReportRequest { Report = Year(NewTenant()), Format = format }, Calls);

        file.Content.Length.ShouldBeGreaterThan(100);
        file.Name.ShouldEndWith("." + format);
    }

    [Fact]
    public async Task Statement_is_a_file_with_its_sums()
    {
        var tenant = NewTenant();
        await RecordAsync([new ToldRequest(Start) { Tenant = tenant, Project = "web", Cost = 0.000000000000001m }, new ToldRequest(Start) { Tenant = tenant, Project = "app", Cost = 12 }]);

        var file = await Reports.ExportStatementAsync(new ExportStatementRequest { Statement = new StatementRequest { TenantId = tenant, Month = "2026-10" }, Format = "csv" }, Calls);

        var lines = Parse(file.Content.ToByteArray());
        var amount = Array.IndexOf(lines[0], "amount");
        file.Name.ShouldBe("statement-2026-10.csv");
        lines.Skip(1).Select(line => (line[0], line[1], line[amount])).ShouldBe(
        [
            ("usage", "app", "12"), ("usage", "web", "0.000000000000001"),
            ("sum of cost centre", "app", "12"), ("sum of cost centre", "web", "0.000000000000001"), ("total", "", "12.000000000000001"),
        ]);
    }

    private async Task<ReportRequest> TellAsync(params string[] projects)
    {
        var tenant = NewTenant();
        await RecordAsync(projects.Select((project, index) => new ToldRequest(Start) { Tenant = tenant, Project = project, Cost = index + 0.123456789012345m }));
        return Year(tenant, request => { request.GroupBy.Add("project"); request.Details.AddRange(["latency", "failures", "provider_costs"]); });
    }

    private static List<string[]> Parse(byte[] csv)
    {
        using var reader = CsvReader.Create(new MemoryStream(csv), CsvReaderOptions.Default with { HasHeader = false });
        List<string[]> lines = [];
        while (reader.Read())
            lines.Add([.. Enumerable.Range(0, reader.FieldCount).Select(index => reader.GetString(index))]);
        return lines;
    }

    private static string SheetText(Stream workbook)
    {
        using var archive = new System.IO.Compression.ZipArchive(workbook);
        using var sheet = new StreamReader(archive.Entries.First(entry => entry.FullName.Contains("worksheets/sheet", StringComparison.Ordinal)).Open(), Encoding.UTF8);
        return sheet.ReadToEnd();
    }
}
