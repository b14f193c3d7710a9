using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Steering;
using Orchestration.Metrics.Recovery;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Budgets;

/// <summary>A replica whose wall clock jumps: time that matters is the database's.</summary>
public sealed class ClockJumpTests(BackingServices services)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task No_lease_runs_out_no_period_begins_and_no_work_is_swept(int days)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await MetricsHost.StartAsync(services, time: clock);
        await host.Services.GetRequiredService<BudgetStore>().CreateAsync(
            new CreateBudgetRequest { TenantId = "acme", Name = "all", Scope = BudgetScope.Tenant, Amount = new Money { Amount = "100", Currency = "CNY" }, Period = BudgetPeriod.Month },
            Cancellation);
        var lease = await LeaseAsync(host);
        await host.Writer.WriteAsync(LedgerStory.Begin().Events.Take(2).Sequenced(), Cancellation);

        clock.AdjustTime(clock.GetUtcNow().AddDays(days));

        (await host.Services.GetRequiredService<LeaseSweep>().RunAsync(Cancellation)).ShouldBe((0, 0));
        (await host.Services.GetRequiredService<OpenWork>().SettleAsync(Cancellation)).ShouldNotBeNull().IsEmpty.ShouldBeTrue();
        (await LeaseAsync(host)).ShouldBe(lease);
        (await host.Database.CountAsync("budget_periods")).ShouldBe(1);
        (await host.Database.CountAsync("budget_leases WHERE state = 'active' AND expires_at BETWEEN now() AND now() + interval '1 minute'")).ShouldBe(1);
    }

    private static async Task<Guid> LeaseAsync(MetricsHost host)
    {
        var demand = new Demand("acme", "web", "key1", [], "CNY", 5m, Simulated: false, [], AheadOfNeed: false);
        var met = (await host.Services.GetRequiredService<LeaseDemands>().MeetAsync(new Holder("gateway-0", 1), demand, Cancellation)).ShouldBeOfType<DemandOutcome.Met>();
        return met.Leases.ShouldHaveSingleItem().LeaseId;
    }
}
