using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Steering;
using Orchestration.Metrics.Recording;
using Orchestration.Metrics.Recovery;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Budgets;

/// <summary>Leases of gateways that were heard to the end, while the cost of one of their requests may still rise.</summary>
public sealed class UnsureCostTests(BackingServices services) : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly Holder Gone = new("gateway-0", 0);
    private readonly LedgerStory _story = LedgerStory.Begin(Tenant);
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Attempt_that_is_told_after_its_request_was_released_is_covered()
    {
        var lease = await LeaseOfGoneAsync();
        await AgeAsync("requests", "recorded_at");
        await SettleAsync();
        (await StateAsync(lease)).ShouldBe("suspended");

        await TellAttemptAsync();
        await SettleAsync();

        (await LateAsync()).ShouldBe((0.000223m, 0m));
        await AgeAsync("recoveries", "recovered_at");
        (await StateAsync(lease)).ShouldBe("closed");
    }

    [Fact]
    public async Task Request_that_ended_without_the_summing_up_is_covered_when_recovery_charges_it()
    {
        var lease = await LeaseOfGoneAsync(_story.Completed with { Simulated = false, Settlement = "estimated", Cost = 0 });
        (await StateAsync(lease)).ShouldBe("suspended");

        await TellAttemptAsync();
        await AgeAsync("requests", "recorded_at");
        (await StateAsync(lease)).ShouldBe("suspended");
        await SettleAsync();

        (await LateAsync()).ShouldBe((0.000223m, 0m));
        await AgeAsync("recoveries", "recovered_at");
        (await StateAsync(lease)).ShouldBe("closed");
    }

    [Fact]
    public async Task Lease_whose_requests_all_told_their_end_closes_at_once()
    {
        var lease = await LeaseOfGoneAsync(_story.Completed with { Simulated = false });

        (await StateAsync(lease)).ShouldBe("closed");
        (await LateAsync()).ShouldBe((0.000223m, 0m));
    }

    /// <summary>A lease whose holder has told all that it had to tell, and given it up.</summary>
    private async Task<Guid> LeaseOfGoneAsync(RequestCompleted? completed = null)
    {
        await _host.Services.GetRequiredService<BudgetStore>().CreateAsync(
            new CreateBudgetRequest { TenantId = Tenant, Scope = BudgetScope.Tenant, Amount = new Money { Amount = "5", Currency = "CNY" }, Period = BudgetPeriod.Lifetime },
            Cancellation);
        var demand = new Demand(Tenant, "web", "key1", [], "CNY", 0.5m, Simulated: false, [], AheadOfNeed: false);
        var met = (await _host.Services.GetRequiredService<LeaseDemands>().MeetAsync(Gone, demand, Cancellation)).ShouldBeOfType<DemandOutcome.Met>();
        var lease = met.Leases.ShouldHaveSingleItem().LeaseId;
        List<LedgerEvent> events = [_story.Wrap(_story.Admitted with { LeaseSlices = [new LeaseSlice { LeaseId = lease, Amount = 0.5m }] })];
        if (completed is not null)
            events.Add(_story.Wrap(completed));
        await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);
        await _host.Services.GetRequiredService<LeaseKeeping>().ReleaseAsync(Gone, [lease], events.Count - 1, Cancellation);
        return lease;
    }

    private async Task TellAttemptAsync() => await _host.Writer.WriteAsync(
        [.. new[] { _story.Events[1], _story.Events[2] }.Select((item, index) => new SequencedEvent("providers-0", index, item))], Cancellation);

    private async Task SettleAsync() => (await _host.Services.GetRequiredService<OpenWork>().SettleAsync(Cancellation)).ShouldNotBeNull();

    private async Task<string?> StateAsync(Guid lease)
    {
        await _host.Services.GetRequiredService<LeaseSweep>().RunAsync(Cancellation);
        await using var command = _host.Database.CreateCommand($"SELECT state FROM budget_leases WHERE id = '{lease}'");
        return (string?)await command.ExecuteScalarAsync(Cancellation);
    }

    private async Task<(decimal Spent, decimal Late)> LateAsync()
    {
        await using var command = _host.Database.CreateCommand("SELECT spent, late FROM budget_periods");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        return (reader.GetDecimal(0), reader.GetDecimal(1));
    }

    // As the time would.
    private async Task AgeAsync(string table, string column)
    {
        await using var command = _host.Database.CreateCommand($"UPDATE {table} SET {column} = now() - interval '31 minutes'");
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
