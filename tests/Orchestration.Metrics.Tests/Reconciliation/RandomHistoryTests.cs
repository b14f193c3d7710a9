using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Steering;
using Orchestration.Metrics.Reconciliation;
using Orchestration.Metrics.Reconciliation.Checks;
using Orchestration.Metrics.Recording;
using Orchestration.Metrics.Recovery;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Reconciliation;

/// <summary>Histories as outboxes and a broker may tell them: no order, copies, late parts, writers killed in the middle.</summary>
public sealed class RandomHistoryTests(BackingServices services) : IAsyncLifetime
{
    private const int Requests = 60;
    // Within a day of the leases, which no request comes long before.
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddHours(-20);

    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Clean_history_has_no_gap_and_each_planted_one_is_found(int seed)
    {
        await TellAsync(new Random(seed));

        (await GapsAsync()).ShouldBeEmpty();

        (string Kind, string About, string Plant, string Undo)[] plants =
        [
            ("budget", "spent", "UPDATE budget_periods SET spent = spent + 0.000000000000001", "UPDATE budget_periods SET spent = spent - 0.000000000000001"),
            ("budget", "leased", "UPDATE budget_periods SET leased = leased + 1", "UPDATE budget_periods SET leased = leased - 1"),
            ("budget", "suspended", "UPDATE budget_periods SET suspended = suspended + 1", "UPDATE budget_periods SET suspended = suspended - 1"),
            ("budget", "used", "UPDATE budget_leases SET used = used + 0.5", "UPDATE budget_leases SET used = used - 0.5"),
            ("budget", "lease ", "UPDATE budget_leases SET used = used + 0.000000000000001", "UPDATE budget_leases SET used = used - 0.000000000000001"),
            ("budget", "over-released", "UPDATE budget_leases SET amount = amount - 59.9999", "UPDATE budget_leases SET amount = amount + 59.9999"),
            ("rollup", "cost", "UPDATE usage_slices SET cost = cost + 1 WHERE dimension = 'total'", "UPDATE usage_slices SET cost = cost - 1 WHERE dimension = 'total'"),
            ("rollup", "output_tokens", "UPDATE usage_slices SET output_tokens = output_tokens + 1 WHERE dimension = 'total'", "UPDATE usage_slices SET output_tokens = output_tokens - 1 WHERE dimension = 'total'"),
            ("request_cost", "", "UPDATE requests SET cost = cost + 1", "UPDATE requests SET cost = cost - 1"),
        ];
        foreach (var (kind, about, plant, undo) in plants)
        {
            await ExecuteAsync(plant);
            (await GapsAsync()).ShouldContain(gap => gap.Kind == kind && gap.Subject.Contains(about, StringComparison.Ordinal), plant);
            await ExecuteAsync(undo);
        }

        (await GapsAsync()).ShouldBeEmpty();
    }

    private async Task TellAsync(Random random)
    {
        var leases = await LeaseAsync();
        var stories = new List<LedgerEvent[]>();
        for (var number = 0; number < Requests; number++)
            stories.Add(EventsOf(random, leases));
        // The first to be told lack their end; it is late, or their gateway is dead for good.
        var soon = stories.SelectMany(events => events.Take(random.Next(2) == 0 ? 4 : random.Next(2, 4))).ToList();
        await DeliverAsync(random, "gateway-0", soon);
        await AgeAsync();
        await SweepAsync();
        var late = stories.Where(_ => random.Next(3) > 0).SelectMany(events => events).Except(soon).ToList();
        await DeliverAsync(random, "gateway-0", [.. soon, .. late]);
        await AgeAsync();
        await SweepAsync();
    }

    private async Task DeliverAsync(Random random, string instance, List<LedgerEvent> events)
    {
        var batches = events.Select((item, index) => new SequencedEvent(instance, index + 1, item)).Chunk(random.Next(3, 20)).ToList();
        var deliveries = batches.Concat(batches.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(deliveries);
        foreach (var batch in deliveries)
        {
            random.Shuffle(batch);
            if (random.Next(4) == 0)
                await KilledAsync(random, batch);
            await _host.Writer.WriteAsync(batch, Cancellation);
        }
    }

    // Dies before its commit or after it; nobody can tell, and the batch comes again.
    private async Task KilledAsync(Random random, SequencedEvent[] batch)
    {
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        kill.CancelAfter(TimeSpan.FromMilliseconds(random.Next(0, 15)));
        try
        {
            await _host.Writer.WriteAsync(batch, kill.Token);
        }
        catch (OperationCanceledException)
        {
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    private static LedgerEvent[] EventsOf(Random random, IReadOnlyList<Guid> leases)
    {
        var story = LedgerStory.Begin(startedAt: Begin.AddMinutes(random.Next(0, 1_150)));
        var simulated = random.Next(4) == 0;
        var billed = random.Next(1, 1_000) / 1_000_000m;
        var target = story.Started.Target with { Simulated = simulated };
        return
        [
            story.Wrap(story.Admitted with { Simulated = simulated, LeaseSlices = [.. leases.Select(lease => new LeaseSlice { LeaseId = lease, Amount = 0.5m })] }),
            story.Wrap(story.Started with { Target = target }),
            story.Wrap(story.Finished with { Target = target, Billed = billed }),
            story.Wrap(story.Completed with { Simulated = simulated, Cost = billed }),
        ];
    }

    private async Task<List<Guid>> LeaseAsync()
    {
        var store = _host.Services.GetRequiredService<BudgetStore>();
        foreach (var (scope, id) in new[] { (BudgetScope.Tenant, ""), (BudgetScope.Project, "web") })
        {
            await store.CreateAsync(
                new CreateBudgetRequest { TenantId = "acme", Name = "b" + id, Scope = scope, ScopeId = id, Amount = new Money { Amount = "1000", Currency = "CNY" }, Period = BudgetPeriod.Lifetime },
                Cancellation);
        }

        var demand = new Demand("acme", "web", "key1", [], "CNY", 60m, Simulated: false, [], AheadOfNeed: false);
        var met = (await _host.Services.GetRequiredService<LeaseDemands>().MeetAsync(new Holder("gateway-0", 1), demand, Cancellation)).ShouldBeOfType<DemandOutcome.Met>();
        return [.. met.Leases.Select(lease => lease.LeaseId)];
    }

    private async Task SweepAsync()
    {
        while (await _host.Services.GetRequiredService<OpenWork>().SettleAsync(Cancellation) is { IsEmpty: false })
        {
        }
    }

    private async Task<List<Gap>> GapsAsync()
    {
        var comparison = _host.Services.GetRequiredService<LedgerComparison>();
        var gaps = new List<Gap>();
        foreach (var day in new[] { 0, 1 })
            gaps.AddRange((await comparison.OfDayAsync(DateOnly.FromDateTime(Begin.UtcDateTime).AddDays(day), 1_000, Cancellation)).Shown);
        gaps.AddRange((await comparison.OfMonthAsync(new DateOnly(Begin.Year, Begin.Month, 1), 1_000, Cancellation)).Shown);
        gaps.AddRange((await comparison.OfTodayAsync(1_000, Cancellation)).Shown);
        return gaps;
    }

    private async Task AgeAsync()
    {
        await ExecuteAsync("UPDATE requests SET recorded_at = now() - interval '2 hours'");
        await ExecuteAsync("UPDATE attempts SET recorded_at = now() - interval '2 hours'");
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _host.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
