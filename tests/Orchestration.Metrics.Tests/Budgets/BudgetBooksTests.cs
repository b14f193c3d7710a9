using CsCheck;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;

namespace Orchestration.Metrics.Tests.Budgets;

public sealed class BudgetBooksTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Books_balance_after_any_sequence_of_what_can_happen() => Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3], Gen.Int[0, 400]).Array[1, 80].Sample(steps =>
    {
        var period = NewPeriod(10);
        var leases = Enumerable.Range(0, 4).Select(_ => NewLease(period)).ToArray();
        foreach (var (step, which, size) in steps)
        {
            Take(period, leases[which], step, size / 100m);
            Check(period, leases);
        }
    });

    [Fact]
    public void Cost_beyond_a_lease_is_booked_and_shown_as_late()
    {
        var period = NewPeriod(10);
        var lease = NewLease(period);
        lease.Take(2);

        lease.Book(3, simulated: false);

        (period.Spent, period.Leased, period.Late, period.Left).ShouldBe((3, 0, 1, 7));
    }

    [Fact]
    public void Cost_after_a_lease_was_closed_is_still_spent()
    {
        var period = NewPeriod(10);
        var lease = NewLease(period);
        lease.Take(2);
        lease.Suspend();
        lease.Close("operator");

        lease.Book(1.5m, simulated: false);

        (period.Spent, period.Suspended, period.Left).ShouldBe((1.5m, 0, 8.5m));
    }

    [Fact]
    public void Suspended_lease_is_held_at_its_full_value()
    {
        var period = NewPeriod(10);
        var lease = NewLease(period);
        lease.Take(4);
        lease.Book(1, simulated: false);

        lease.Suspend();

        (period.Spent, period.Leased, period.Suspended, period.Left).ShouldBe((1, 0, 3, 6));
    }

    [Fact]
    public void More_than_is_left_cannot_be_leased() => Should.Throw<InvalidOperationException>(() => NewLease(NewPeriod(1)).Take(1.000000000000001m));

    [Theory]
    [InlineData(0.5, 100, 1, 1)]
    [InlineData(3, 100, 1, 3)]
    [InlineData(0.5, 10, 1, 0.5)]
    [InlineData(0, 10, 1, 0.2)]
    [InlineData(3, 2, 1, 2)]
    public void Slice_is_the_worst_case_or_a_share_of_the_rest_and_never_more_than_it(double worst, double left, double most, double slice) =>
        Slicing.Of((decimal)worst, (decimal)left, (decimal)most).ShouldBe((decimal)slice);

    [Theory]
    [InlineData(0.1, 100, 1, 1)]
    [InlineData(0.1, 5, 1, 0.1)]
    [InlineData(0.1, 4.9, 1, 0)]
    [InlineData(0.1, 0, 1, 0)]
    public void Ahead_of_need_a_share_is_given_while_it_is_enough_for_a_request(double worst, double left, double most, double slice) =>
        Slicing.Ahead((decimal)worst, (decimal)left, (decimal)most).ShouldBe((decimal)slice);

    private static void Take(PeriodAccount period, LeaseAccount lease, int step, decimal size)
    {
        switch (step)
        {
            case 0 or 1 when lease.Stage == LeaseStage.Active:
                lease.Take(Math.Min(size, period.Left));
                break;
            case 2:
                lease.Return(size);
                break;
            case 3 or 4:
                lease.Book(size, simulated: false);
                break;
            case 5:
                lease.Suspend();
                break;
            case 6:
                lease.Resume();
                break;
            case 7 when lease.Stage == LeaseStage.Suspended:
                lease.Close("drained");
                break;
        }
    }

    private static void Check(PeriodAccount period, LeaseAccount[] leases)
    {
        period.Spent.ShouldBe(leases.Sum(lease => lease.Used));
        period.Leased.ShouldBe(leases.Where(lease => lease.Stage == LeaseStage.Active).Sum(lease => lease.Remainder));
        period.Suspended.ShouldBe(leases.Where(lease => lease.Stage == LeaseStage.Suspended).Sum(lease => lease.Remainder));
        period.Excess.ShouldBe(Math.Max(0, period.Committed - period.Amount));
        // Only what no lease covered can take a budget past its amount.
        period.Excess.ShouldBeLessThanOrEqualTo(period.Spent);
        (period.Committed + period.Left - period.Excess).ShouldBe(period.Amount);
    }

    private static PeriodAccount NewPeriod(decimal amount) => PeriodAccount.Open(Guid.CreateVersion7(), Start, Start.AddDays(30), amount, "CNY", countsSimulated: false);

    private static LeaseAccount NewLease(PeriodAccount period) => new()
    {
        Id = Guid.CreateVersion7(), Period = period, TenantId = "acme", Holder = "gateway-0", FirstSequence = 1, GrantedAt = Start,
    };
}
