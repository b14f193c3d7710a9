using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class RetryBudgetTests
{
    [Fact]
    public void Repeats_stay_within_a_fifth_of_the_requests_once_the_reserve_is_used()
    {
        var budget = new RetryBudget();
        while (budget.TryTake())
        {
            // Until the reserve of quiet times is gone.
        }

        var repeats = 0;
        for (var i = 0; i < 1000; i++)
        {
            budget.RequestMade();
            if (budget.TryTake()) repeats++;
        }

        repeats.ShouldBeInRange(190, 200);
    }

    [Fact]
    public void Reserve_of_quiet_times_is_bounded()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 10_000; i++) budget.RequestMade();

        var repeats = 0;
        while (budget.TryTake()) repeats++;

        repeats.ShouldBe(20);
    }
}
