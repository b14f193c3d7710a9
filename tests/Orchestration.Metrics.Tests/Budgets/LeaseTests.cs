using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Steering;

namespace Orchestration.Metrics.Tests.Budgets;

public sealed class LeaseTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private static readonly Holder One = new("gateway-0", 1);
    private static readonly Holder Other = new("gateway-1", 1);

    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LeaseGranting Granting => _host.Services.GetRequiredService<LeaseGranting>();

    private LeaseKeeping Keeping => _host.Services.GetRequiredService<LeaseKeeping>();

    private BudgetStore Budgets => _host.Services.GetRequiredService<BudgetStore>();

    [Fact]
    public async Task Request_gets_an_amount_on_every_level_that_limits_it()
    {
        var tenant = NewTenant();
        Guid[] levels =
        [
            await BudgetAsync(tenant, 100), await BudgetAsync(tenant, 50, BudgetScope.Project, "web"), await BudgetAsync(tenant, 20, BudgetScope.Key, "key1"),
            await BudgetAsync(tenant, 10, BudgetScope.ModelGroup, "large"),
        ];
        await BudgetAsync(tenant, 1, BudgetScope.Project, "other");
        await BudgetAsync(NewTenant(), 1);

        var met = (await AskAsync(One, DemandOf(tenant, 2) with { ModelGroups = ["large"] })).ShouldBeOfType<DemandOutcome.Met>();

        met.BudgetIds.ShouldBe(levels, ignoreOrder: true);
        met.Leases.ToDictionary(lease => lease.BudgetId, lease => lease.Amount).ShouldBe(levels.ToDictionary(level => level, _ => 2m), ignoreOrder: true);
    }

    [Fact]
    public async Task Level_that_is_short_refuses_all_and_takes_nothing()
    {
        var tenant = NewTenant();
        var wide = await BudgetAsync(tenant, 100);
        var narrow = await BudgetAsync(tenant, 3, BudgetScope.Project, "web");

        var refused = (await AskAsync(One, DemandOf(tenant, 3.000000000000001m))).ShouldBeOfType<DemandOutcome.Refused>();

        var shortage = refused.Shortages.ShouldHaveSingleItem();
        (shortage.Budget.Id, shortage.Left).ShouldBe((narrow, 3m));
        shortage.ResetsAt.ShouldNotBeNull();
        (await BooksAsync(wide)).ShouldBe((0m, 0m, 0m, 0m));
    }

    [Fact]
    public async Task Amount_of_another_currency_is_never_taken()
    {
        var tenant = NewTenant();
        await BudgetAsync(tenant, 100);

        (await AskAsync(One, DemandOf(tenant, 1) with { Currency = "USD" })).ShouldBeOfType<DemandOutcome.Refused>();
    }

    [Fact]
    public async Task Holders_at_once_never_get_more_than_there_is()
    {
        var tenant = NewTenant();
        var budget = await BudgetAsync(tenant, 7);
        var key = await BudgetAsync(tenant, 5, BudgetScope.Key, "key1");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => AskAsync(
            new Holder($"gateway-{number % 6}", 1), DemandOf(tenant, 0.3m) with { KeyId = number % 2 == 0 ? "key1" : "key2" })));

        var granted = outcomes.OfType<DemandOutcome.Met>().SelectMany(met => met.Leases).ToLookup(lease => lease.BudgetId, lease => lease.Amount);
        granted[budget].Sum().ShouldBeLessThanOrEqualTo(7);
        granted[key].Sum().ShouldBeLessThanOrEqualTo(5);
        granted[budget].Sum().ShouldBeGreaterThan(6.7m);
        (await BooksAsync(budget)).Leased.ShouldBe(granted[budget].Sum());
        (await BooksAsync(key)).Leased.ShouldBe(granted[key].Sum());
    }

    [Fact]
    public async Task Ahead_of_need_only_a_share_is_given_and_nothing_refused()
    {
        var tenant = NewTenant();
        await BudgetAsync(tenant, 10);
        var empty = await BudgetAsync(tenant, 0, BudgetScope.Project, "web");

        var met = (await AskAsync(One, DemandOf(tenant, 0) with { AheadOfNeed = true })).ShouldBeOfType<DemandOutcome.Met>();

        met.Leases.ShouldHaveSingleItem().Amount.ShouldBe(0.2m);
        met.BudgetIds.ShouldContain(empty);
    }

    [Fact]
    public async Task What_is_returned_is_there_for_others_and_never_more_than_remained()
    {
        var tenant = NewTenant();
        var budget = await BudgetAsync(tenant, 5);
        var lease = await GrantAsync(One, tenant, 5);
        await SpendAsync(tenant, lease, 2);

        await Keeping.ReturnAsync(One, new Dictionary<Guid, decimal> { [lease] = 100 }, Cancellation);

        (await BooksAsync(budget)).ShouldBe((2m, 0m, 0m, 0m));
        (await AskAsync(Other, DemandOf(tenant, 3))).ShouldBeOfType<DemandOutcome.Met>();
    }

    [Fact]
    public async Task Nobody_returns_or_renews_what_another_process_holds()
    {
        var tenant = NewTenant();
        var budget = await BudgetAsync(tenant, 5);
        var lease = await GrantAsync(One, tenant, 5);

        foreach (var stranger in new[] { Other, One with { FirstSequence = 2 } })
        {
            await Keeping.ReturnAsync(stranger, new Dictionary<Guid, decimal> { [lease] = 5 }, Cancellation);
            (await Keeping.RenewAsync(stranger, [lease], Cancellation)).ShouldBeEmpty();
        }

        (await BooksAsync(budget)).Leased.ShouldBe(5);
    }

    [Fact]
    public async Task Lease_that_ran_out_is_held_at_full_value_until_its_holder_is_back()
    {
        var tenant = NewTenant();
        var budget = await BudgetAsync(tenant, 5);
        var lease = await GrantAsync(One, tenant, 4);
        await ExpireAsync(lease);

        (await BooksAsync(budget)).ShouldBe((0m, 0m, 4m, 0m));
        (await AskAsync(Other, DemandOf(tenant, 2))).ShouldBeOfType<DemandOutcome.Refused>();
        (await Keeping.RenewAsync(One, [lease], Cancellation)).ShouldHaveSingleItem().LeaseId.ShouldBe(lease);

        (await BooksAsync(budget)).ShouldBe((0m, 4m, 0m, 0m));
    }

    [Fact]
    public async Task Late_cost_of_a_suspended_lease_is_booked_on_it()
    {
        var tenant = NewTenant();
        var budget = await BudgetAsync(tenant, 5);
        var lease = await GrantAsync(One, tenant, 4);
        await ExpireAsync(lease);

        await SpendAsync(tenant, lease, 1.5m);

        (await BooksAsync(budget)).ShouldBe((1.5m, 0m, 2.5m, 0m));
    }

    [Fact]
    public async Task Operator_closes_a_suspended_lease_and_what_still_comes_is_an_overrun()
    {
        var tenant = NewTenant();
        var budget = await BudgetAsync(tenant, 5);
        var lease = await GrantAsync(One, tenant, 4);
        (await Keeping.CloseAsync(lease, Cancellation))!.Stage.ShouldBe(LeaseStage.Active);
        await ExpireAsync(lease);
        (await Keeping.CloseAsync(lease, Cancellation))!.Stage.ShouldBe(LeaseStage.Closed);

        await SpendAsync(tenant, lease, 1);

        (await BooksAsync(budget)).ShouldBe((1m, 0m, 0m, 1m));
    }

    [Fact]
    public async Task Cost_is_booked_once_on_each_level_whatever_comes_twice()
    {
        var tenant = NewTenant();
        var (wide, narrow) = (await BudgetAsync(tenant, 100), await BudgetAsync(tenant, 50, BudgetScope.Project, "web"));
        var met = (DemandOutcome.Met)await AskAsync(One, DemandOf(tenant, 2));
        var story = LedgerStory.Begin(tenant);
        LedgerEvent[] events =
        [
            story.Wrap(story.Admitted with { LeaseSlices = [.. met.Leases.Select(lease => new LeaseSlice { LeaseId = lease.LeaseId, Amount = lease.Amount })] }),
            story.Wrap(story.Completed with { Simulated = false, Cost = 1.25m }),
        ];

        await _host.Writer.WriteAsync(events.Reverse().Sequenced(), Cancellation);
        await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);

        (await BooksAsync(wide)).ShouldBe((1.25m, 0.75m, 0m, 0m));
        (await BooksAsync(narrow)).ShouldBe((1.25m, 0.75m, 0m, 0m));
    }

    [Fact]
    public async Task Demands_decided_together_are_met_in_their_order_as_far_as_the_money_goes()
    {
        var tenant = NewTenant();
        var budget = await BudgetAsync(tenant, 5);
        await BudgetAsync(tenant, 1, BudgetScope.Key, "key2");

        var outcomes = await Granting.GrantAsync(
            [
                new(One, DemandOf(tenant, 3)), new(Other, DemandOf(tenant, 3)), new(Other, DemandOf(tenant, 1) with { KeyId = "key2" }),
                new(One, DemandOf(tenant, 0.5m) with { KeyId = "key2" }), new(Other, DemandOf(tenant, 1)),
            ],
            needOnly: true, Cancellation);

        outcomes.Select(outcome => outcome is DemandOutcome.Met).ShouldBe([true, false, true, false, true]);
        (await BooksAsync(budget)).Leased.ShouldBe(5);
    }

    [Fact]
    public async Task While_somebody_is_in_need_nothing_is_handed_out_ahead()
    {
        var tenant = NewTenant();
        await BudgetAsync(tenant, 100);

        var outcomes = await Granting.GrantAsync([new(One, DemandOf(tenant, 0.1m)), new(Other, DemandOf(tenant, 0.1m) with { AheadOfNeed = true })], needOnly: true, Cancellation);

        outcomes.Cast<DemandOutcome.Met>().Select(met => met.Leases.Sum(lease => lease.Amount)).ShouldBe([0.1m, 0]);
    }

    [Fact]
    public async Task Refusal_names_holders_only_when_what_they_hold_could_be_enough()
    {
        var tenant = NewTenant();
        await BudgetAsync(tenant, 10);
        await SpendAsync(tenant, await GrantAsync(One, tenant, 8), 5);

        var enough = (await AskAsync(Other, DemandOf(tenant, 5))).ShouldBeOfType<DemandOutcome.Refused>();
        var tooMuch = (await AskAsync(Other, DemandOf(tenant, 5.01m))).ShouldBeOfType<DemandOutcome.Refused>();

        enough.Shortages.Single().Holders.ShouldBe([One]);
        tooMuch.Shortages.Single().Holders.ShouldBeEmpty();
    }

    private async Task<DemandOutcome> AskAsync(Holder holder, Demand demand) =>
        (await Granting.GrantAsync([new HolderDemand(holder, demand)], needOnly: false, Cancellation))[0];

    private static string NewTenant() => $"t-{Guid.CreateVersion7():N}";

    private static Demand DemandOf(string tenant, decimal worst) => new(tenant, "web", "key1", [], "CNY", worst, Simulated: false, [], AheadOfNeed: false);

    private async Task<Guid> GrantAsync(Holder holder, string tenant, decimal amount) =>
        ((DemandOutcome.Met)await AskAsync(holder, DemandOf(tenant, amount))).Leases.Single().LeaseId;

    private async Task<Guid> BudgetAsync(string tenant, decimal amount, BudgetScope scope = BudgetScope.Tenant, string id = "") =>
        (await Budgets.CreateAsync(
            new CreateBudgetRequest
            {
                TenantId = tenant, Scope = scope, ScopeId = id, Period = BudgetPeriod.Month, TimeZone = "Asia/Shanghai",
                Amount = new Money { Amount = amount.ToString(System.Globalization.CultureInfo.InvariantCulture), Currency = "CNY" },
            },
            Cancellation)).Budget.Id;

    private async Task SpendAsync(string tenant, Guid lease, decimal cost)
    {
        var story = LedgerStory.Begin(tenant);
        LedgerEvent[] events =
        [
            story.Wrap(story.Admitted with { LeaseSlices = [new LeaseSlice { LeaseId = lease, Amount = cost }] }),
            story.Wrap(story.Completed with { Simulated = false, Cost = cost }),
        ];
        await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);
    }

    // As the time would; the service's own upkeep may do the same at any moment.
    private async Task ExpireAsync(Guid lease)
    {
        await using var command = _host.Database.CreateCommand($"UPDATE budget_leases SET expires_at = now() - interval '1 second' WHERE id = '{lease}'");
        await command.ExecuteNonQueryAsync(Cancellation);
        await _host.Services.GetRequiredService<LeaseSweep>().RunAsync(Cancellation);
    }

    private async Task<(decimal Spent, decimal Leased, decimal Suspended, decimal Late)> BooksAsync(Guid budget)
    {
        await using var command = _host.Database.CreateCommand(
            $"SELECT coalesce(sum(spent), 0), coalesce(sum(leased), 0), coalesce(sum(suspended), 0), coalesce(sum(late), 0) FROM budget_periods WHERE budget_id = '{budget}'");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        await reader.ReadAsync(Cancellation);
        return (reader.GetDecimal(0), reader.GetDecimal(1), reader.GetDecimal(2), reader.GetDecimal(3));
    }
}
