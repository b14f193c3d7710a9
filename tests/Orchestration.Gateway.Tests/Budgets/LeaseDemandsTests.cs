using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Budgets;

namespace Orchestration.Gateway.Tests.Budgets;

public sealed class LeaseDemandsTests
{
    private static readonly SpendScope Scope = new("tenant", "web", "key", "USD", false, "route:auto");

    private readonly LeaseBook _book;
    private readonly LeaseDemands _demands;

    public LeaseDemandsTests()
    {
        var time = new FakeTimeProvider();
        _book = new LeaseBook(time);
        _demands = new LeaseDemands(_book, time);
    }

    [Fact]
    public void Ahead_of_need_one_demand_at_a_time_is_under_way()
    {
        var first = _demands.AskAhead(Scope, 1).ShouldNotBeNull().Demand;
        _demands.AskAhead(Scope, 2).ShouldBeNull();
        _demands.AskAhead(Scope with { KeyId = "other" }, 2).ShouldNotBeNull();

        _demands.Answered(new LeaseResponse { Grant = new LeaseGrant { Number = first.Number } });
        var second = _demands.AskAhead(Scope, 2).ShouldNotBeNull().Demand;
        _demands.Drop(second.Number);
        _demands.AskAhead(Scope, 2).ShouldNotBeNull();
        _demands.Lost();

        _demands.AskAhead(Scope, 2).ShouldNotBeNull();
        (first.AheadOfNeed, first.WorstCase).ShouldBe((true, "1"));
    }

    [Fact]
    public async Task Demand_for_a_request_is_asked_beside_one_ahead_of_need_and_its_loss_is_told()
    {
        _demands.AskAhead(Scope, 1);

        var (message, answer) = _demands.Ask(_book.Take(Scope, 1));
        _demands.Lost();

        message.Demand.AheadOfNeed.ShouldBeFalse();
        (await answer).ShouldBeNull();
    }
}
