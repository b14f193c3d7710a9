using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Tests.Reports;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Data;

/// <summary>Migrations over rows that stand, in a database of their own.</summary>
public sealed class MigrationTests(BackingServices services) : IAsyncLifetime
{
    private static readonly DateTimeOffset October = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Wider_slices_of_older_rows_are_those_that_recording_makes_and_go_on_as_them()
    {
        var random = new Random(5);
        await RecordAsync(Enumerable.Range(0, 60).Select(_ => ToldRequest.Any("acme", random, October, TimeSpan.FromDays(40))));
        var (slices, report) = (await SlicesAsync(), await ReportAsync());
        report.Rows.ShouldAllBe(row => row.Values[1].StartsWith("provider-", StringComparison.Ordinal) && row.Values[2].StartsWith("model-", StringComparison.Ordinal));

        await MigrateAsync("20261122230300_PricingFacts");
        (await _host.Database.CountAsync("usage_slices WHERE dimension = 'project_model' OR grain = 'month'")).ShouldBe(0);
        await MigrateAsync(null);

        (await SlicesAsync()).ShouldBe(slices);
        (await ReportAsync()).Rows.ShouldBe(report.Rows);

        var first = report.Rows[0];
        await RecordAsync([new ToldRequest(October) { Tenant = "acme", Project = first.Values[0], Provider = first.Values[1], Model = first.Values[2] }]);
        (await ReportAsync()).Rows.ShouldContain(row => row.Values.Equals(first.Values) && row.Requests == first.Requests + 1);
    }

    private async Task RecordAsync(IEnumerable<ToldRequest> told) => await _host.Writer.WriteAsync(told.SelectMany(one => one.Events()).Sequenced(), Cancellation);

    private async Task<Report> ReportAsync()
    {
        var request = new ReportRequest { TenantId = "acme", From = "2026-01-01", To = "2027-01-01", GroupBy = { "project", "provider", "model" } };
        return await new ReportService.ReportServiceClient(_host.Channel).GetReportAsync(request, _host.CallsAs("gateway").For("", "admin", TimeSpan.FromMinutes(1), Cancellation));
    }

    private async Task<string> SlicesAsync()
    {
        await using var command = _host.Database.CreateCommand(
            "SELECT coalesce(string_agg(to_jsonb(s)::text, E'\\n' ORDER BY s.dimension, s.grain, s.bucket, s.value, s.detail, s.simulated), '') FROM usage_slices s");
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>To a migration, back or forth; to the last one where none is named.</summary>
    private async Task MigrateAsync(string? target)
    {
        var options = new DbContextOptionsBuilder<MetricsDbContext>().UseNpgsql($"{services.AdminConnectionString};Database={_host.Name};Pooling=false").UseSnakeCaseNamingConvention();
        await using var database = new MetricsDbContext(options.Options);
        await database.GetService<IMigrator>().MigrateAsync(target, Cancellation);
    }
}
