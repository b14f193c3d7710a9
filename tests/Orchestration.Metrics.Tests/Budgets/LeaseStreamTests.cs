using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Metrics.Tests.Budgets;

public sealed class LeaseStreamTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BudgetService.BudgetServiceClient Budgets => new(_host.Channel);

    [Fact]
    public async Task Demand_is_granted_renewed_and_given_back_on_one_stream()
    {
        var (tenant, budget) = await BudgetAsync("10");
        using var gateway = await OpenAsync("gateway-10");

        var grant = (await AskAsync(gateway, Demand(tenant, 1, "2.5"))).Grant;
        var lease = grant.Leases.ShouldHaveSingleItem();
        var renewed = (await AskAsync(gateway, new LeaseRequest { Renewal = new LeaseRenewal { Number = 2, LeaseIds = { lease.LeaseId } } })).Renewed;
        await gateway.RequestStream.WriteAsync(new LeaseRequest { Return = new LeaseReturn { Amounts = { new ReturnedAmount { LeaseId = lease.LeaseId, Amount = "2.5" } } } }, Cancellation);
        // Messages of a stream are worked on in their order, so that the next demand sees the return.
        var again = (await AskAsync(gateway, Demand(tenant, 3, "10"))).Grant;

        (grant.Number, lease.Amount, lease.Left, grant.BudgetIds.Single()).ShouldBe((1, "2.5", "7.5", budget));
        lease.TimeLeft.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        (renewed.Number, renewed.Leases.Single().LeaseId).ShouldBe((2, lease.LeaseId));
        again.Leases.Single().Amount.ShouldBe("10");
    }

    [Fact]
    public async Task Idle_amount_of_another_gateway_is_recalled_before_a_request_is_refused()
    {
        var (tenant, budget) = await BudgetAsync("10");
        using var idle = await OpenAsync("gateway-20");
        using var needy = await OpenAsync("gateway-21");
        var held = (await AskAsync(idle, Demand(tenant, 1, "9"))).Grant.Leases.Single();

        await needy.RequestStream.WriteAsync(Demand(tenant, 1, "5"), Cancellation);
        var recall = (await NextAsync(idle)).Recall;
        await idle.RequestStream.WriteAsync(
            new LeaseRequest { Return = new LeaseReturn { RecallNumber = recall.Number, Amounts = { new ReturnedAmount { LeaseId = held.LeaseId, Amount = "8" } } } }, Cancellation);
        var answer = await AnswerAsync(needy);

        recall.BudgetId.ShouldBe(budget);
        answer.Grant.Leases.Single().Amount.ShouldBe("5");
    }

    [Fact]
    public async Task Idle_amount_of_the_asking_gateway_counts_with_what_is_left()
    {
        var (tenant, budget) = await BudgetAsync("10");
        using var gateway = await OpenAsync("gateway-60");
        var held = (await AskAsync(gateway, Demand(tenant, 1, "8"))).Grant.Leases.Single();

        // 8 lie in its hands, 2 are left: neither is enough for 9.
        await gateway.RequestStream.WriteAsync(Demand(tenant, 2, "9"), Cancellation);
        var recall = (await NextAsync(gateway)).Recall;
        await gateway.RequestStream.WriteAsync(
            new LeaseRequest { Return = new LeaseReturn { RecallNumber = recall.Number, Amounts = { new ReturnedAmount { LeaseId = held.LeaseId, Amount = "8" } } } }, Cancellation);

        recall.BudgetId.ShouldBe(budget);
        (await NextAsync(gateway)).Grant.Leases.Single().Amount.ShouldBe("9");
    }

    [Fact]
    public async Task What_becomes_idle_just_after_a_recall_is_asked_for_again()
    {
        var (tenant, _) = await BudgetAsync("10");
        using var idle = await OpenAsync("gateway-70");
        using var needy = await OpenAsync("gateway-71");
        var held = (await AskAsync(idle, Demand(tenant, 1, "9"))).Grant.Leases.Single();

        await needy.RequestStream.WriteAsync(Demand(tenant, 1, "5"), Cancellation);
        var first = (await NextAsync(idle)).Recall;
        // Comes while the recall is under way, whose answer is already on its way and knows nothing of what becomes idle.
        await needy.RequestStream.WriteAsync(Demand(tenant, 2, "5"), Cancellation);
        await idle.RequestStream.WriteAsync(Returned(first, held.LeaseId, "0"), Cancellation);
        var second = (await NextAsync(idle)).Recall;
        await idle.RequestStream.WriteAsync(Returned(second, held.LeaseId, "9"), Cancellation);

        LeaseResponse[] answers = [await AnswerAsync(needy), await AnswerAsync(needy)];

        second.Number.ShouldNotBe(first.Number);
        answers.Count(answer => answer.Grant is not null).ShouldBe(2);
    }

    [Fact]
    public async Task Return_behind_many_waiting_demands_of_the_same_stream_is_heard()
    {
        const int demands = 150;
        var (tenant, _) = await BudgetAsync("10");
        using var gateway = await OpenAsync("gateway-80");
        var held = (await AskAsync(gateway, Demand(tenant, 1, "8"))).Grant.Leases.Single();

        for (var number = 2; number < 2 + demands; number++)
            await gateway.RequestStream.WriteAsync(Demand(tenant, number, "9"), Cancellation);
        var answers = new List<LeaseResponse>();
        var returned = "8";
        while (answers.Count < demands)
        {
            var next = await NextAsync(gateway);
            if (next.Recall is not { } recall)
            {
                answers.Add(next);
                continue;
            }

            await gateway.RequestStream.WriteAsync(Returned(recall, held.LeaseId, returned), Cancellation);
            returned = "0";
        }

        answers.Count(answer => answer.Grant is not null).ShouldBe(1);
        answers.Count(answer => answer.Refusal is not null).ShouldBe(demands - 1);
    }

    [Fact]
    public async Task Gateway_that_is_silent_does_not_keep_a_refusal_for_ever()
    {
        var (tenant, _) = await BudgetAsync("10");
        using var silent = await OpenAsync("gateway-90");
        using var needy = await OpenAsync("gateway-91");
        await AskAsync(silent, Demand(tenant, 1, "9"));

        await needy.RequestStream.WriteAsync(Demand(tenant, 1, "5"), Cancellation);

        (await AnswerAsync(needy)).Refusal.Shortages.Single().Left.Amount.ShouldBe("1");
    }

    [Fact]
    public async Task Refusal_names_the_budget_what_is_left_and_when_it_starts_anew()
    {
        var (tenant, budget) = await BudgetAsync("1");
        using var gateway = await OpenAsync("gateway-30");

        var shortage = (await AskAsync(gateway, Demand(tenant, 7, "2"))).Refusal.Shortages.ShouldHaveSingleItem();

        (shortage.BudgetId, shortage.Name, shortage.Left.Amount, shortage.Left.Currency, shortage.Scope, shortage.Action)
            .ShouldBe((budget, "all", "1", "CNY", BudgetScope.Tenant, BudgetAction.Refuse));
        shortage.ResetsAt.ToDateTimeOffset().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Change_of_a_budget_is_told_to_gateways()
    {
        var (tenant, budget) = await BudgetAsync("1");
        using var gateway = await OpenAsync("gateway-40");

        await Budgets.UpdateBudgetAsync(new UpdateBudgetRequest { Id = budget, Amount = "20" }, Calls());

        while ((await RawNextAsync(gateway)).Changed?.TenantId != tenant)
        {
        }

        (await AskAsync(gateway, Demand(tenant, 1, "2"))).Grant.Leases.Single().Left.ShouldBe("18");
    }

    [Fact]
    public async Task Stream_without_a_hello_or_with_nonsense_ends()
    {
        using var mute = Budgets.Lease(Calls());
        await mute.RequestStream.WriteAsync(Demand("acme", 1, "1"), Cancellation);
        (await Should.ThrowAsync<RpcException>(() => mute.ResponseStream.MoveNext(Cancellation))).StatusCode.ShouldBe(StatusCode.InvalidArgument);

        using var odd = await OpenAsync("gateway-50");
        await odd.RequestStream.WriteAsync(Demand("acme", 1, "-1"), Cancellation);
        (await Should.ThrowAsync<RpcException>(async () => await NextAsync(odd))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private static LeaseRequest Demand(string tenant, long number, string worst) => new()
    {
        Demand = new LeaseDemand { Number = number, TenantId = tenant, ProjectId = "web", KeyId = "key1", Currency = "CNY", WorstCase = worst },
    };

    private async Task<AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse>> OpenAsync(string instance)
    {
        var call = Budgets.Lease(Calls());
        await call.RequestStream.WriteAsync(new LeaseRequest { Hello = new LeaseHello { Instance = instance, FirstSequence = 1 } }, Cancellation);
        (await RawNextAsync(call)).Welcome.LeaseDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(30));
        return call;
    }

    private static async Task<LeaseResponse> AskAsync(AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> call, LeaseRequest request)
    {
        await call.RequestStream.WriteAsync(request, Cancellation);
        return await NextAsync(call);
    }

    private static LeaseRequest Returned(LeaseRecall recall, string lease, string amount) =>
        new() { Return = new LeaseReturn { RecallNumber = recall.Number, Amounts = { new ReturnedAmount { LeaseId = lease, Amount = amount } } } };

    // It may be asked as well for what it has idle.
    private static async Task<LeaseResponse> AnswerAsync(AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> call)
    {
        LeaseResponse response;
        do
            response = await NextAsync(call);
        while (response.Recall is not null);
        return response;
    }

    // News of budgets may come at any time.
    private static async Task<LeaseResponse> NextAsync(AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> call)
    {
        LeaseResponse response;
        do
            response = await RawNextAsync(call);
        while (response.Changed is not null);
        return response;
    }

    private static async Task<LeaseResponse> RawNextAsync(AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> call)
    {
        (await call.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        return call.ResponseStream.Current;
    }

    private async Task<(string Tenant, string Budget)> BudgetAsync(string amount)
    {
        var tenant = $"t-{Guid.CreateVersion7():N}";
        var budget = await Budgets.CreateBudgetAsync(
            new CreateBudgetRequest { TenantId = tenant, Name = "all", Scope = BudgetScope.Tenant, Amount = new Money { Amount = amount, Currency = "CNY" }, Period = BudgetPeriod.Day }, Calls());
        return (tenant, budget.Id);
    }

    private CallOptions Calls()
    {
        var tokens = new ServiceTokens(_host.Services.GetRequiredService<IOptions<ServiceIdentityOptions>>(), new ServiceInfo(ResourceNames.Gateway, "0"), TimeProvider.System);
        return new InternalCalls(tokens, TimeProvider.System).For("", "admin", TimeSpan.FromSeconds(60), Cancellation);
    }
}
