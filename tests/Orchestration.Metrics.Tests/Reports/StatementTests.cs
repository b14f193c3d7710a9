using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Repricing;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Reports;

public sealed class StatementTests(MetricsFixture fixture, BackingServices services) : ReportTesting(fixture), IClassFixture<MetricsFixture>
{
    private static readonly DateTimeOffset October = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Lines_add_up_to_the_totals_and_to_what_was_told()
    {
        var tenant = NewTenant();
        var told = Some(tenant, 11);
        await RecordAsync(told);

        var statement = await Reports.GetStatementAsync(new StatementRequest { TenantId = tenant, Month = "2026-10" }, Calls);

        var expected = told.Where(one => !one.Simulated && one.StartedAt < October.AddMonths(1)).ToList();
        statement.Lines.ToDictionary(line => (line.CostCentre, line.KeyId, line.Provider, line.Model), line => (line.Requests, Amount(line.Amount)))
            .ShouldBe(expected.GroupBy(one => (one.Project, one.Key, one.Provider, one.Model)).ToDictionary(group => group.Key, group => ((long)group.Count(), group.Sum(one => one.Cost))), ignoreOrder: true);
        Amount(statement.Totals.ShouldHaveSingleItem()).ShouldBe(expected.Sum(one => one.Cost));
        statement.CostCentres.Sum(sum => Amount(sum.Amount)).ShouldBe(expected.Sum(one => one.Cost));
        statement.Closed.ShouldBeFalse();
    }

    [Fact]
    public async Task Month_begins_and_ends_in_its_zone()
    {
        var tenant = NewTenant();
        await RecordAsync(
        [
            new ToldRequest(October.AddHours(-9)) { Tenant = tenant, Cost = 1 },
            new ToldRequest(October.AddHours(-7)) { Tenant = tenant, Cost = 2 },
            new ToldRequest(October.AddMonths(1).AddHours(-7)) { Tenant = tenant, Cost = 4 },
        ]);

        var statement = await Reports.GetStatementAsync(new StatementRequest { TenantId = tenant, Month = "2026-10", TimeZone = "Asia/Shanghai" }, Calls);

        Amount(statement.Totals.ShouldHaveSingleItem()).ShouldBe(2);
    }

    [Fact]
    public async Task Usage_without_the_tag_has_a_line_of_its_own_and_the_total_is_whole()
    {
        var tenant = NewTenant();
        var told = Some(tenant, 12);
        await RecordAsync(told);

        var statement = await Reports.GetStatementAsync(new StatementRequest { TenantId = tenant, Month = "2026-10", CostCentre = "tag:team" }, Calls);

        statement.Lines.ToDictionary(line => line.CostCentre, line => (line.Requests, Amount(line.Amount)))
            .ShouldBe(told.Where(one => !one.Simulated && one.StartedAt < October.AddMonths(1)).GroupBy(one => one.Team ?? "").ToDictionary(group => group.Key, group => ((long)group.Count(), group.Sum(one => one.Cost))), ignoreOrder: true);
    }

    [Fact]
    public async Task Adjustment_of_a_closed_month_is_a_line_of_the_month_that_carries_it()
    {
        var tenant = NewTenant();
        await RecordAsync([new ToldRequest(October) { Tenant = tenant, Project = "web", Cost = 5 }]);
        await using (var database = await Host.Services.GetRequiredService<IDbContextFactory<MetricsDbContext>>().CreateDbContextAsync(Cancellation))
        {
            database.Add(new ClosedMonthRow { TenantId = tenant, Month = "2026-09", TimeZone = "UTC", PeriodFrom = October.AddMonths(-1), PeriodTo = October, ClosedAt = October, Actor = "finance" });
            database.Add(new AdjustmentRow
            {
                Id = Guid.CreateVersion7(), TenantId = tenant, ProjectId = "web", Model = "m", Currency = "CNY", Amount = -0.000000000000001m,
                BelongsTo = "2026-09", BookedIn = "2026-10", Reason = "credit", Actor = "finance", CreatedAt = October.AddDays(3),
            });
            await database.SaveChangesAsync(Cancellation);
        }

        var statement = await Reports.GetStatementAsync(new StatementRequest { TenantId = tenant, Month = "2026-10" }, Calls);
        var september = await Reports.GetStatementAsync(new StatementRequest { TenantId = tenant, Month = "2026-09" }, Calls);
        var report = await Reports.GetReportAsync(Year(tenant), Calls);

        var line = statement.Lines.Single(line => line.Kind == "adjustment");
        (line.CostCentre, line.Model, line.BelongsTo, line.Reason, line.Requests).ShouldBe(("web", "m", "2026-09", "credit", 0));
        Amount(statement.Totals.ShouldHaveSingleItem()).ShouldBe(4.999999999999999m);
        september.Closed.ShouldBeTrue();
        september.ClosedAt.ToDateTimeOffset().ShouldBe(October);
        september.Lines.ShouldBeEmpty();
        Amount(report.Adjustments.ShouldHaveSingleItem()).ShouldBe(-0.000000000000001m);
        Amount(report.Totals.ShouldHaveSingleItem().Cost).ShouldBe(5);
    }

    [Fact]
    public async Task Closing_while_the_statement_is_drawn_up_does_not_close_what_lacks_its_lines()
    {
        var tenant = NewTenant();
        await RecordAsync([new ToldRequest(October) { Tenant = tenant, Cost = 5 }]);
        Task<Statement> asked;
        await using (var closing = await Host.AdministerAsync(services, "BEGIN", "LOCK TABLE closed_months IN ACCESS EXCLUSIVE MODE"))
        {
            asked = Reports.GetStatementAsync(new StatementRequest { TenantId = tenant, Month = "2026-10" }, Calls).ResponseAsync;
            await Eventually.HoldsAsync(async () => await Host.Database.CountAsync("pg_locks WHERE NOT granted AND relation = 'closed_months'::regclass") > 0);
            await using var close = new NpgsqlCommand(
                $"""
                INSERT INTO adjustments VALUES (gen_random_uuid(), '{tenant}', '', '', '', 'CNY', 1, '2026-09', '2026-10', 'late', 'ledger', NULL, false, now());
                INSERT INTO closed_months VALUES ('{tenant}', '2026-10', 'UTC', '2026-10-01Z', '2026-11-01Z', now(), 'finance', '[]');
                COMMIT
                """,
                closing);
            await close.ExecuteNonQueryAsync(Cancellation);
        }

        var statement = await asked;
        statement.Closed.ShouldBeFalse();
        Amount(statement.Totals.ShouldHaveSingleItem()).ShouldBe(5);
        var after = await Reports.GetStatementAsync(new StatementRequest { TenantId = tenant, Month = "2026-10" }, Calls);
        (after.Closed, Amount(after.Totals.ShouldHaveSingleItem())).ShouldBe((true, 6m));
    }

    private static List<ToldRequest> Some(string tenant, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 90).Select(_ => ToldRequest.Any(tenant, random, October, TimeSpan.FromDays(40)))];
    }
}
