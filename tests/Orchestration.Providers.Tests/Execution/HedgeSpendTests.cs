using Microsoft.Extensions.Time.Testing;
using Orchestration.Pricing;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class HedgeSpendTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HedgeSpend _spend;

    public HedgeSpendTests() => _spend = new HedgeSpend(_time);

    [Fact]
    public void Extra_cost_stays_under_the_percentage_of_the_last_hour()
    {
        Book(100m, extra: false);

        Affords(5m, percent: 5).ShouldBeTrue();
        Affords(5.01m, percent: 5).ShouldBeFalse();
        Affords(5m, percent: 0).ShouldBeTrue();
        Affords(5.01m, percent: 0).ShouldBeFalse();
        Affords(20m, percent: 20).ShouldBeTrue();
    }

    [Fact]
    public void What_hedges_cost_and_what_running_ones_may_cost_counts()
    {
        Book(100m, extra: false);
        Book(2m, extra: true);
        using var running = _spend.TryBegin("r", 5, Cny(2m));

        running.ShouldNotBeNull();
        Affords(1m, 5).ShouldBeTrue();
        Affords(1.01m, 5).ShouldBeFalse();

        running.Dispose();
        Affords(3m, 5).ShouldBeTrue();
    }

    [Fact]
    public void Hour_rolls()
    {
        Book(100m, extra: false);
        _time.Advance(TimeSpan.FromMinutes(59));
        Affords(5m, 5).ShouldBeTrue();

        _time.Advance(TimeSpan.FromMinutes(2));

        Affords(0.01m, 5).ShouldBeFalse();
    }

    [Fact]
    public void Routes_and_currencies_are_counted_apart()
    {
        Book(100m, extra: false);

        _spend.TryBegin("other", 5, Cny(1m)).ShouldBeNull();
        _spend.TryBegin("r", 5, new Money(1m, "USD")).ShouldBeNull();
    }

    private bool Affords(decimal amount, int percent)
    {
        using var allowance = _spend.TryBegin("r", percent, Cny(amount));
        return allowance is not null;
    }

    private void Book(decimal amount, bool extra) => _spend.Book("r", Cny(amount), extra);

    private static Money Cny(decimal amount) => new(amount, "CNY");
}
