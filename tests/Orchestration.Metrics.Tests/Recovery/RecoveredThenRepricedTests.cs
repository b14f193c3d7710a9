using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Steering;
using Orchestration.Metrics.Recovery;
using Orchestration.Metrics.Repricing;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Recovery;

public sealed class RecoveredThenRepricedTests(BackingServices services) : IAsyncLifetime
{
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Row_rollup_and_budget_move_together_and_each_time_once()
    {
        var events = EventsOf(LedgerStory.Begin(startedAt: TimeProvider.System.GetUtcNow().AddHours(-2)), await LeaseAsync());
        await WriteAsync(events[..2]);
        await WriteAsync(events[..2]);
        (await FiguresAsync()).ShouldBe((null, 0m, 0m, 0m, 0m));

        await SweepAsync();
        await SweepAsync();
        (await FiguresAsync()).ShouldBe(("recovered", 0.3m, 0.3m, 0.3m, 0.3m));

        await WriteAsync(events[3], events[2]);
        await WriteAsync(events);
        await SweepAsync();
        (await FiguresAsync()).ShouldBe(("exact", 0.0021m, 0.0021m, 0.0021m, 0.0021m));

        var repricing = await RepriceAsync("2");
        (await FiguresAsync()).ShouldBe(("exact", 0.0042m, 0.0042m, 0.0042m, 0.0042m));
        await WriteAsync(events);
        await SweepAsync();
        (await FiguresAsync()).ShouldBe(("exact", 0.0042m, 0.0042m, 0.0042m, 0.0042m));

        (await Book.ReverseAsync(repricing, Cancellation)).ShouldBeOfType<RepricingMove.Done>();
        await StepAsync();
        (await FiguresAsync()).ShouldBe(("exact", 0.0021m, 0.0021m, 0.0021m, 0.0021m));
    }

    // The line of a re-pricing corrects an amount; when an event puts another in its place, there is nothing left to correct, as in an open month.
    [Fact]
    public async Task Lines_of_a_closed_month_end_with_the_amount_that_they_correct()
    {
        var lastMonth = DateTimeOffset.UtcNow.AddDays(1 - DateTimeOffset.UtcNow.Day).AddDays(-2);
        var events = EventsOf(LedgerStory.Begin(startedAt: lastMonth), await LeaseAsync());
        await WriteAsync(events[..2]);
        await SweepAsync();
        var month = MonthPeriod.Read(lastMonth.ToString("yyyy-MM", CultureInfo.InvariantCulture), "UTC")!;
        (await _host.Services.GetRequiredService<ClosedMonths>().CloseAsync("acme", month, "finance", Cancellation)).ShouldBeNull();
        var first = await RepriceAsync("2", lastMonth);
        var second = await RepriceAsync("1.5", lastMonth);
        (await AdjustedAsync()).ShouldBe(0.6m);

        await WriteAsync(events[2], events[3]);
        (await AdjustedAsync()).ShouldBe(0.0021m - 0.3m);
        await WriteAsync(events);
        (await AdjustedAsync()).ShouldBe(0.0021m - 0.3m);

        foreach (var repricing in new[] { second, first })
        {
            (await Book.ReverseAsync(repricing, Cancellation)).ShouldBeOfType<RepricingMove.Done>();
            await StepAsync();
            (await AdjustedAsync()).ShouldBe(0.0021m - 0.3m);
        }

        await RepriceAsync("10", lastMonth);
        (await AdjustedAsync()).ShouldBe(0.021m - 0.3m);
    }

    private async Task<decimal> AdjustedAsync()
    {
        await using var command = _host.Database.CreateCommand("SELECT coalesce(sum(amount), 0) FROM adjustments");
        return (decimal)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private RepricingBook Book => _host.Services.GetRequiredService<RepricingBook>();

    private Task<Guid> RepriceAsync(string factor) => RepriceAsync(factor, TimeProvider.System.GetUtcNow().AddHours(-23));

    private async Task<Guid> RepriceAsync(string factor, DateTimeOffset startedAt)
    {
        var id = await Book.PrepareAsync(
            new PrepareRepricingRequest
            {
                PeriodFrom = Timestamp.FromDateTimeOffset(startedAt.AddHours(-1)), PeriodTo = Timestamp.FromDateTimeOffset(startedAt.AddHours(23)),
                Rules = { new RepricingRule { Factor = factor } }, Reason = "wrong list", Actor = "operator",
            },
            Cancellation);
        await StepAsync();
        (await Book.ApplyAsync(id, Cancellation)).ShouldBeOfType<RepricingMove.Done>();
        await StepAsync();
        return id;
    }

    // The worker may hold a step at the moment.
    private async Task StepAsync()
    {
        var work = _host.Services.GetRequiredService<RepricingWork>();
        while (await work.StepAsync(Cancellation) || await _host.Database.CountAsync("repricings WHERE state IN ('preparing', 'applying', 'reversing')") > 0)
            await Task.Yield();
    }

    private async Task SweepAsync()
    {
        await using (var batch = _host.Database.CreateBatch())
        {
            foreach (var table in new[] { "requests", "attempts" })
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"UPDATE {table} SET recorded_at = now() - interval '31 minutes'"));
            await batch.ExecuteNonQueryAsync(Cancellation);
        }

        await _host.Services.GetRequiredService<OpenWork>().SettleAsync(Cancellation);
    }

    private async Task WriteAsync(params LedgerEvent[] events) => await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);

    private static LedgerEvent[] EventsOf(LedgerStory story, Guid lease)
    {
        var price = new PriceRecord { PriceId = "p", Model = "small", Currency = "USD", Region = "any", Confidence = "high", Tiers = { new PriceTier { Input = "1", Output = "4" } } };
        var target = story.Started.Target with { Price = JsonFormatter.Default.Format(price), Rate = 7m, Simulated = false };
        return
        [
            story.Wrap(story.Admitted with { LeaseSlices = [new LeaseSlice { LeaseId = lease, Amount = 0.5m }] }),
            story.Wrap(story.Started with { Target = target }),
            story.Wrap(story.Finished with { Target = target, Usage = new TokenCounts { Input = 100, Output = 50 }, Cost = 0.0003m, Billed = 0.0021m }),
            story.Wrap(story.Completed with { Simulated = false, Cost = 0.0021m }),
        ];
    }

    private async Task<Guid> LeaseAsync()
    {
        await _host.Services.GetRequiredService<BudgetStore>().CreateAsync(
            new CreateBudgetRequest { TenantId = "acme", Name = "all", Scope = BudgetScope.Tenant, Amount = new Money { Amount = "100", Currency = "CNY" }, Period = BudgetPeriod.Lifetime },
            Cancellation);
        var demand = new Demand("acme", "web", "key1", [], "CNY", 1m, Simulated: false, [], AheadOfNeed: false);
        var met = (await _host.Services.GetRequiredService<LeaseDemands>().MeetAsync(new Holder("gateway-0", 1), demand, Cancellation)).ShouldBeOfType<DemandOutcome.Met>();
        return met.Leases.ShouldHaveSingleItem().LeaseId;
    }

    private async Task<(string? Settlement, decimal Cost, decimal Billed, decimal Rollup, decimal Spent)> FiguresAsync()
    {
        await using var command = _host.Database.CreateCommand("""
            SELECT (SELECT settlement FROM requests), (SELECT coalesce(sum(cost), 0) FROM requests), (SELECT coalesce(sum(billed), 0) FROM attempts),
                (SELECT coalesce(sum(billed + cost) / 2, 0) FROM usage_slices WHERE dimension = 'total' AND grain = 'day'), (SELECT sum(spent) FROM budget_periods)
            """);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        return (reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetDecimal(1), reader.GetDecimal(2), reader.GetDecimal(3), reader.GetDecimal(4));
    }
}
