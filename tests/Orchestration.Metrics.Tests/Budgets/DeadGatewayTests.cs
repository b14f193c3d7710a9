using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Steering;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Budgets;

/// <summary>What a gateway had leased when it died, from its own disk over the broker to the books.</summary>
public sealed class DeadGatewayTests : IAsyncLifetime
{
    private const string NoBroker = "amqp://nobody:nothing@127.0.0.1:9";

    private readonly string _directory = Directory.CreateTempSubdirectory("orchestration-outbox-").FullName;
    private BackingServices _services = null!;
    private MetricsHost _ledger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Postgres | BackingService.RabbitMq, Cancellation);
        _ledger = await MetricsHost.StartAsync(_services, BackingService.RabbitMq);
        await _ledger.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Lease_closes_with_its_late_spend_once_the_slot_is_adopted()
    {
        var budget = await CreateBudgetAsync();
        var dying = await StartGatewayAsync(NoBroker);
        var lease = await SpendAsync(dying);
        await using var beside = await StartGatewayAsync(_services.MessagingConnectionString);
        beside.Services.GetRequiredService<Outbox>().Instance.ShouldBe("gateway-1");
        await SuspendAsync(lease);

        await StopAsync(dying);

        await ClosedAsync(lease);
        (await BooksAsync(budget)).ShouldBe((2.5m, 0m, 0m, 0m));
    }

    [Fact]
    public async Task Lease_closes_with_its_late_spend_once_the_gateway_is_back()
    {
        var budget = await CreateBudgetAsync();
        var dying = await StartGatewayAsync(NoBroker);
        var lease = await SpendAsync(dying);
        var first = dying.Services.GetRequiredService<Outbox>().FirstSequence;
        await StopAsync(dying);
        await SuspendAsync(lease);

        await using var back = await StartGatewayAsync(_services.MessagingConnectionString);

        await ClosedAsync(lease);
        (await BooksAsync(budget)).ShouldBe((2.5m, 0m, 0m, 0m));
        var outbox = back.Services.GetRequiredService<Outbox>();
        (outbox.Instance, outbox.FirstSequence > first).ShouldBe(("gateway-0", true));
    }

    // Two requests of 1.25 each; nothing of them leaves the disk.
    private async Task<Guid> SpendAsync(WebApplication gateway)
    {
        var outbox = gateway.Services.GetRequiredService<Outbox>();
        var holder = new Holder(outbox.Instance, outbox.FirstSequence.ShouldNotBeNull());
        var demand = new Demand("acme", "web", "key1", [], "CNY", 5m, Simulated: false, [], AheadOfNeed: false);
        var met = (await _ledger.Services.GetRequiredService<LeaseDemands>().MeetAsync(holder, demand, Cancellation)).ShouldBeOfType<DemandOutcome.Met>();
        var lease = met.Leases.ShouldHaveSingleItem().LeaseId;
        foreach (var story in new[] { LedgerStory.Begin(), LedgerStory.Begin() })
        {
            var admitted = story.Admitted with { LeaseSlices = [new LeaseSlice { LeaseId = lease, Amount = 2m }] };
            await outbox.AppendAsync(story.Wrap(admitted), Cancellation);
            await outbox.AppendAsync(story.Wrap(story.Completed with { Simulated = false, Cost = 1.25m }), Cancellation);
        }

        outbox.Pending.ShouldBe(5);
        return lease;
    }

    private async Task<Guid> CreateBudgetAsync() => (await _ledger.Services.GetRequiredService<BudgetStore>().CreateAsync(
        new CreateBudgetRequest
        {
            TenantId = "acme", Name = "all", Scope = BudgetScope.Tenant, Amount = new Money { Amount = "100", Currency = "CNY" }, Period = BudgetPeriod.Lifetime,
        },
        Cancellation)).Budget.Id;

    // As the time would; the ledger does not know yet whether the holder is dead.
    private async Task SuspendAsync(Guid lease)
    {
        await using (var expire = _ledger.Database.CreateCommand($"UPDATE budget_leases SET expires_at = now() - interval '1 second' WHERE id = '{lease}'"))
            await expire.ExecuteNonQueryAsync(Cancellation);
        await UntilAsync(async () => await _ledger.Database.CountAsync($"budget_leases WHERE id = '{lease}' AND state = 'suspended' AND used = 0") == 1);
    }

    private Task ClosedAsync(Guid lease) => UntilAsync(async () =>
        await _ledger.Database.CountAsync($"budget_leases WHERE id = '{lease}' AND state = 'closed' AND closed_by = 'drained' AND used = 2.5") == 1);

    private async Task<(decimal Spent, decimal Leased, decimal Suspended, decimal Late)> BooksAsync(Guid budget)
    {
        await using var command = _ledger.Database.CreateCommand($"SELECT spent, leased, suspended, late FROM budget_periods WHERE budget_id = '{budget}'");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        return (reader.GetDecimal(0), reader.GetDecimal(1), reader.GetDecimal(2), reader.GetDecimal(3));
    }

    private async Task<WebApplication> StartGatewayAsync(string broker)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "gateway",
            ["ConnectionStrings:messaging"] = broker,
            ["Identity:SigningKey"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(number => (byte)number)]),
            ["Outbox:Directory"] = _directory,
            ["Outbox:AdoptionInterval"] = "00:00:00.2",
            ["Outbox:ShutdownFlush"] = "00:00:00",
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddServiceDefaults();
        builder.AddMessaging();
        builder.AddOutbox();
        var app = builder.Build();
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task StopAsync(WebApplication app)
    {
        await app.StopAsync(Cancellation);
        await app.DisposeAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }
}
