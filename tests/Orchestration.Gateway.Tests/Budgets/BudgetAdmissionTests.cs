using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Gateway.Tests.Budgets;

/// <summary>Budgets as clients meet them, with a gateway and a ledger of their own.</summary>
public sealed class BudgetAdmissionTests(GatewayFixture fixture) : IAsyncLifetime
{
    private readonly Guid _budget = Guid.CreateVersion7();
    private FakePeers _peers = null!;
    private GatewayHost _gateway = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _peers = await FakePeers.StartAsync(Cancellation);
        _gateway = await GatewayHost.StartAsync(fixture.SecondGateway() with { Peers = _peers.Address }, Cancellation);
        await _gateway.WithRouteTableAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _peers.DisposeAsync();
    }

    [Fact]
    public async Task Without_budgets_the_ledger_is_asked_once()
    {
        for (var request = 0; request < 3; request++)
            (await AnsweredAsync()).LeaseSlices.ShouldBeEmpty();

        Demands().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Worst_case_is_reserved_from_the_lease_and_told_to_the_ledger()
    {
        var lease = Guid.CreateVersion7();
        _peers.Budgets.Meet = demand => Grant(demand, lease, "100");

        var first = await AnsweredAsync();
        var second = await AnsweredAsync();

        first.LeaseSlices.Single().ShouldBe(new LeaseSlice { LeaseId = lease, Amount = first.Reserved });
        second.LeaseSlices.Single().LeaseId.ShouldBe(lease);
        first.Reserved.ShouldBeGreaterThan(0);
        Demands().Count.ShouldBe(1);
        Demands()[0].ModelGroups.ShouldBe(["model:small", "model:strong", "provider:test", "route:test/chat"]);
    }

    [Fact]
    public async Task Request_that_a_budget_cannot_pay_is_refused_with_its_name_and_its_reset()
    {
        _peers.Budgets.Meet = demand => Refuse(demand, BudgetAction.Refuse);
        var script = _peers.Providers.Script(call => call.AnswerAsync("x"));

        var response = await _gateway.Client.PostAsync(Chat.Body(script, model: "test/chat"));

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Header("x-should-retry").ShouldBe("false");
        var error = (await response.JsonAsync()).GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe("insufficient_quota");
        error.GetProperty("message").GetString().ShouldSatisfyAllConditions(
            text => text!.ShouldContain("'Support'"), text => text!.ShouldContain("0.01 USD left"), text => text!.ShouldContain("2026-12-01T00:00:00Z"));
        _peers.Providers.Starts.ShouldBeEmpty();
        _gateway.Told<RequestAdmitted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task At_the_limit_the_cheaper_route_answers_and_says_so()
    {
        var lease = Guid.CreateVersion7();
        _peers.Budgets.Meet = demand => demand.ModelGroups.Contains("route:test/small") ? Grant(demand, lease, "1") : Refuse(demand, BudgetAction.CheaperRoute);
        var script = _peers.Providers.Script(call => call.AnswerAsync("x"));

        var response = await _gateway.Client.PostAsync(Chat.Body(script, model: "test/chat"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("x-orchestration-route").ShouldBe("test/small");
        response.Header("x-orchestration-warnings").ShouldContain("budget_route");
        (await _gateway.CompletedAsync(response.RequestId(), Cancellation)).RequestedModel.ShouldBe("test/chat");
    }

    [Fact]
    public async Task Idle_amounts_go_back_when_they_are_recalled()
    {
        var lease = Guid.CreateVersion7();
        _peers.Budgets.Meet = demand => Grant(demand, lease, "100");
        var admitted = await AnsweredAsync();
        var completed = await _gateway.CompletedAsync(admitted.RequestId.ToString("D"), Cancellation);

        LeaseReturn? answer = null;
        await Eventually.HoldsAsync(
            () =>
            {
                _peers.Budgets.Tell(new LeaseResponse { Recall = new LeaseRecall { Number = 7, BudgetId = _budget.ToString("D") } });
                return (answer = Returns().FirstOrDefault(item => item.Amounts.Count > 0)) is not null;
            },
            Cancellation);

        answer!.RecallNumber.ShouldBe(7);
        decimal.Parse(answer.Amounts.Single().Amount, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(100 - completed.Cost);
    }

    [Fact]
    public async Task New_budget_is_asked_for_by_the_next_request()
    {
        await AnsweredAsync();
        _peers.Budgets.Meet = demand => Refuse(demand, BudgetAction.Refuse);
        _peers.Budgets.Tell(new LeaseResponse { Changed = new BudgetsChanged() });

        await Eventually.HoldsAsync(() => Refused().Result, Cancellation);
    }

    [Fact]
    public async Task While_the_ledger_is_away_accounts_without_budgets_go_on_and_unknown_ones_are_told_to_come_back()
    {
        await AnsweredAsync();
        var before = Demands().Count;
        await using var stranger = await GatewayHost.StartAsync(fixture.SecondGateway() with { Peers = _peers.Address }, Cancellation);
        await stranger.WithRouteTableAsync(Cancellation);
        _peers.Budgets.Meet = _ => null;

        await AnsweredAsync();
        var script = _peers.Providers.Script(call => call.AnswerAsync("x"));
        var response = await stranger.Client.PostAsync(Chat.Body(script, model: "test/chat"));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.ErrorCodeAsync()).ShouldBe("budget_unavailable");
        response.Headers.RetryAfter.ShouldNotBeNull();
        Demands().Count.ShouldBe(before + 1);
    }

    [Fact]
    public async Task Ledger_that_greets_and_then_says_nothing_lets_leases_in_hand_be_spent_from()
    {
        var lease = Guid.CreateVersion7();
        _peers.Budgets.Meet = demand => Grant(demand, lease, "100");
        await AnsweredAsync();
        var before = Demands().Count;
        _peers.Budgets.Meet = _ => null;
        _peers.Budgets.Tell(new LeaseResponse { Changed = new BudgetsChanged() });
        await Eventually.HoldsAsync(() => AnsweredAsync().Result.LeaseSlices.Single().LeaseId == lease && Demands().Count > before, Cancellation);
        var asked = Demands().Count;

        (await AnsweredAsync()).LeaseSlices.Single().LeaseId.ShouldBe(lease);

        // It was asked in vain a moment ago: nobody waits for it again so soon.
        Demands().Count.ShouldBeLessThanOrEqualTo(asked + 1);
    }

    [Fact]
    public async Task Gateway_that_stops_gives_its_leases_up_through_its_last_event()
    {
        var lease = Guid.CreateVersion7();
        _peers.Budgets.Meet = demand => Grant(demand, lease, "100");
        var admitted = await AnsweredAsync();
        await _gateway.CompletedAsync(admitted.RequestId.ToString("D"), Cancellation);

        var taken = _gateway.Services.GetRequiredService<Outbox>().FirstSequence;

        await _gateway.StopAsync();

        var release = _peers.Budgets.Heard.Select(item => item.Release).Single(item => item is not null);
        release.LeaseIds.ShouldBe([lease.ToString("D")]);
        // After the slot's turnover come the request's beginning and its end.
        release.ThroughSequence.ShouldBe(taken!.Value + 2);
        Returns().Sum(item => item.Amounts.Count).ShouldBe(1);
    }

    private async Task<RequestAdmitted> AnsweredAsync()
    {
        var script = _peers.Providers.Script(call => call.AnswerAsync("x"));
        var response = await _gateway.Client.PostAsync(Chat.Body(script, model: "test/chat"));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.TextAsync());
        // Settled, so that what it did not cost is free again.
        await _gateway.CompletedAsync(response.RequestId(), Cancellation);
        return _gateway.Told<RequestAdmitted>().Single(row => row.RequestId.ToString("D") == response.RequestId());
    }

    private async Task<bool> Refused() =>
        (await _gateway.Client.PostAsync(Chat.Body(_peers.Providers.Script(call => call.AnswerAsync("x")), model: "test/chat"))).StatusCode == HttpStatusCode.TooManyRequests;

    private IReadOnlyList<LeaseDemand> Demands() => [.. _peers.Budgets.Heard.Select(item => item.Demand).Where(item => item is { AheadOfNeed: false })];

    private IReadOnlyList<LeaseReturn> Returns() => [.. _peers.Budgets.Heard.Select(item => item.Return).Where(item => item is not null)];

    private LeaseResponse Grant(LeaseDemand demand, Guid lease, string amount) => new()
    {
        Grant = new LeaseGrant
        {
            Number = demand.Number,
            BudgetIds = { _budget.ToString("D") },
            Leases =
            {
                new GrantedLease { LeaseId = lease.ToString("D"), BudgetId = _budget.ToString("D"), Amount = amount, TimeLeft = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) },
            },
        },
    };

    private LeaseResponse Refuse(LeaseDemand demand, BudgetAction action) => new()
    {
        Refusal = new LeaseRefusal
        {
            Number = demand.Number,
            Shortages =
            {
                new BudgetShortage
                {
                    BudgetId = _budget.ToString("D"),
                    Name = "Support",
                    Scope = BudgetScope.Project,
                    ScopeId = "web",
                    Left = new Money { Amount = "0.01", Currency = "USD" },
                    ResetsAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)),
                    Action = action,
                    CheaperRoute = action == BudgetAction.CheaperRoute ? "test/small" : "",
                },
            },
        },
    };
}
