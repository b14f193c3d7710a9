using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Budgets;

namespace Orchestration.Gateway.Tests.Budgets;

public sealed class LeaseBookTests
{
    private static readonly SpendScope Scope = new("tenant", "web", "key", "USD", false, "route:auto");

    private readonly FakeTimeProvider _time = new();
    private readonly LeaseBook _book;

    public LeaseBookTests() => _book = new LeaseBook(_time);

    [Fact]
    public void Nothing_is_known_before_the_ledger_has_said_it()
    {
        _book.Take(Scope, 1).IsComplete.ShouldBeFalse();
        _book.IsUnlimitedAccount(Scope).ShouldBeFalse();

        Grant(_book.Take(Scope, 1));

        var free = _book.Take(Scope, 1);
        free.IsComplete.ShouldBeTrue();
        free.Leases.ShouldBeEmpty();
        _book.IsUnlimitedAccount(Scope with { Groups = "route:other" }).ShouldBeTrue();
        _book.IsUnlimitedAccount(Scope with { KeyId = "other" }).ShouldBeFalse();
    }

    [Fact]
    public void Hold_takes_its_amount_once_from_every_budget_that_applies()
    {
        var hold = _book.Take(Scope, 2);
        Grant(hold, (Guid.CreateVersion7(), 5), (Guid.CreateVersion7(), 2));

        hold.IsComplete.ShouldBeTrue();
        hold.Slices().Select(slice => slice.Amount).ShouldBe([2, 2]);
        _book.Take(Scope, 1).IsComplete.ShouldBeFalse();
        _book.Take(Scope, 1).Leases.Count.ShouldBe(1);
    }

    [Fact]
    public void What_a_request_did_not_cost_is_free_at_once_and_what_nobody_knows_is_not()
    {
        var budget = Guid.CreateVersion7();
        var hold = _book.Take(Scope, 4);
        Grant(hold, (budget, 4));
        _book.Take(Scope, 1).IsComplete.ShouldBeFalse();

        _book.Settle(hold, 1);

        var next = _book.Take(Scope, 3);
        next.IsComplete.ShouldBeTrue();
        _book.Settle(next, null);
        _book.TakeIdle(budget).ShouldBeEmpty();
    }

    [Fact]
    public void Lease_that_ran_out_gives_nothing_until_it_is_renewed()
    {
        var hold = _book.Take(Scope, 1);
        Grant(hold, (Guid.CreateVersion7(), 5));
        _time.Advance(TimeSpan.FromSeconds(30));
        _book.Take(Scope, 1).IsComplete.ShouldBeFalse();

        var held = _book.Held();
        _book.Renew(held, new LeaseRenewed { Leases = { held.Select(id => Lease(id, Guid.Empty, 0)) } }, _time.GetTimestamp());
        _book.Take(Scope, 1).IsComplete.ShouldBeTrue();

        _book.Renew(held, new LeaseRenewed(), _time.GetTimestamp());
        _book.Held().ShouldBeEmpty();
        _book.Take(Scope, 1).IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void Time_of_a_lease_runs_from_the_demand_on()
    {
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(20));
        var hold = _book.Take(Scope, 1);
        Grant(hold, asked, (Guid.CreateVersion7(), 5));
        _time.Advance(TimeSpan.FromSeconds(10));

        _book.Take(Scope, 1).IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void Grant_for_a_hold_that_was_given_up_is_free_for_others()
    {
        var hold = _book.Take(Scope, 5);
        _book.GiveBack(hold);
        Grant(hold, (Guid.CreateVersion7(), 5));

        hold.Leases.ShouldBeEmpty();
        _book.Take(Scope, 5).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Change_of_budgets_makes_the_next_request_ask_again()
    {
        Grant(_book.Take(Scope, 1));
        _book.Forget("other");
        _book.Take(Scope, 1).IsComplete.ShouldBeTrue();
        _book.Forget("tenant");
        _book.Take(Scope, 1).IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void While_the_ledger_is_silent_leases_in_hand_are_spent_from_by_what_was_known_of_all()
    {
        Grant(_book.Take(Scope, 1), (Guid.CreateVersion7(), 3));
        _book.Forget("");
        var hold = _book.Take(Scope, 2);
        hold.IsComplete.ShouldBeFalse();

        _book.TakeAsBefore(hold).ShouldBeTrue();

        hold.Slices().Single().Amount.ShouldBe(2);
        _book.TakeAsBefore(_book.Take(Scope, 1)).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(30));
        _book.TakeAsBefore(_book.Take(Scope, 0.1m)).ShouldBeFalse();
    }

    [Fact]
    public void What_was_known_of_a_tenant_is_not_gone_by_once_its_budgets_changed()
    {
        Grant(_book.Take(Scope, 1), (Guid.CreateVersion7(), 3));
        _book.Forget("");
        _book.Forget("tenant");

        _book.TakeAsBefore(_book.Take(Scope, 1)).ShouldBeFalse();
        _book.IsUnlimitedAccount(Scope).ShouldBeFalse();
    }

    [Fact]
    public void Only_leases_that_no_request_has_a_part_of_are_given_up()
    {
        var hold = _book.Take(Scope, 1);
        Grant(hold, (Guid.CreateVersion7(), 5));
        _time.Advance(TimeSpan.FromMinutes(5));
        _book.RemoveIdle(TimeSpan.FromMinutes(1)).ShouldBeEmpty();

        _book.Settle(hold, 1);

        _book.RemoveIdle(TimeSpan.FromMinutes(1)).Single().Free.ShouldBe(4);
        _book.Held().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Requests_at_once_never_reserve_more_than_was_granted(int seed)
    {
        var budget = Guid.CreateVersion7();
        var lease = Guid.CreateVersion7();
        var (granted, spent, returned) = (0m, 0m, 0m);
        var gate = new Lock();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), TestContext.Current.CancellationToken, async (worker, _) =>
        {
            await Task.Yield();
            var random = new Random(seed * 100 + worker);
            for (var round = 0; round < 2_000; round++)
            {
                var hold = _book.Take(Scope, random.Next(1, 50));
                if (!hold.IsComplete)
                {
                    var amount = hold.Amount + random.Next(0, 100);
                    lock (gate) granted += amount;
                    Grant(hold, _time.GetTimestamp(), lease, (budget, amount));
                }

                if (random.Next(10) == 0)
                {
                    var idle = _book.TakeIdle(budget).Sum(item => decimal.Parse(item.Amount, System.Globalization.CultureInfo.InvariantCulture));
                    lock (gate) returned += idle;
                }

                var cost = hold.IsComplete ? random.Next(0, (int)hold.Amount + 1) : 0;
                lock (gate) spent += cost;
                _book.Settle(hold, cost);
            }
        });

        var rest = _book.TakeIdle(budget).Sum(item => decimal.Parse(item.Amount, System.Globalization.CultureInfo.InvariantCulture));
        (spent + returned + rest).ShouldBe(granted);
        spent.ShouldBeGreaterThan(0);
    }

    private void Grant(BudgetHold hold, params (Guid Budget, decimal Amount)[] budgets) => Grant(hold, _time.GetTimestamp(), budgets);

    private void Grant(BudgetHold hold, long askedAt, params (Guid Budget, decimal Amount)[] budgets) => Grant(hold, askedAt, Guid.CreateVersion7(), budgets);

    private void Grant(BudgetHold hold, long askedAt, Guid first, params (Guid Budget, decimal Amount)[] budgets)
    {
        var grant = new LeaseGrant { BudgetIds = { budgets.Select(one => one.Budget.ToString("D")) } };
        grant.Leases.AddRange(budgets.Select((one, index) => Lease(index == 0 ? first : Guid.CreateVersion7(), one.Budget, one.Amount)));
        _book.Enter(grant, hold, askedAt);
    }

    private static GrantedLease Lease(Guid id, Guid budget, decimal amount) => new()
    {
        LeaseId = id.ToString("D"),
        BudgetId = budget.ToString("D"),
        Amount = amount.ToString(System.Globalization.CultureInfo.InvariantCulture),
        TimeLeft = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)),
    };
}
