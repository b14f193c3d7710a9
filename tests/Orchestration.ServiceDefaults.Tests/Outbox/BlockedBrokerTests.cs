using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;
using Orchestration.ServiceDefaults.Tests.Messaging;
using Orchestration.Testing;

namespace Orchestration.ServiceDefaults.Tests.Outbox;

using Outbox = Orchestration.ServiceDefaults.Outbox.Outbox;

/// <summary>A broker that is there and takes nothing, as it does while it is short of memory or disk.</summary>
public sealed class BlockedBrokerTests : IAsyncLifetime
{
    private const string Reason = "low on memory";

    private readonly string _directory = TestOutbox.NewDirectory();
    private BackingServices _services = null!;
    private AlarmingRelay _relay = null!;
    private WebApplication _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Outbox Outbox => _app.Services.GetRequiredService<Outbox>();

    private ConcurrentQueue<LedgerBatch> Received => _app.Services.GetRequiredService<ConcurrentQueue<LedgerBatch>>();

    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.RabbitMq, Cancellation);
        _relay = new AlarmingRelay(_services.MessagingConnectionString);
        _app = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _relay.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Events_wait_on_disk_and_it_is_told_until_the_broker_has_room()
    {
        await Outbox.AppendAsync(3);
        await UntilAsync(() => Task.FromResult(Told() == 3 && Outbox.Pending == 0));
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        BlockedGauge().ShouldBe(0);

        await _relay.BlockAsync(Reason);
        await UntilAsync(async () => (await HealthAsync()).Status == HealthStatus.Degraded);
        await Outbox.AppendAsync(50);

        (await HealthAsync()).Description.ShouldNotBeNull().ShouldContain(Reason);
        BlockedGauge().ShouldBe(1);
        await UntilAsync(() => Task.FromResult(Logged("BrokerBlockedException")));
        Outbox.Pending.ShouldBe(50);
        Outbox.ReadPending(100).Count.ShouldBe(50);
        Told().ShouldBe(3);

        await _relay.UnblockAsync();
        await UntilAsync(() => Task.FromResult(Told() == 53 && Outbox.Pending == 0));
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        BlockedGauge().ShouldBe(0);
        // Nothing was sent into the blocked connection, where it would have waited to be taken a second time.
        Events().Count().ShouldBe(53);
    }

    [Fact]
    public async Task Block_ends_with_its_connection()
    {
        await Outbox.AppendAsync(1);
        await UntilAsync(() => Task.FromResult(Told() == 1));
        await _relay.BlockAsync(Reason);
        await UntilAsync(() => Task.FromResult(BlockedGauge() == 1));

        await _relay.DisposeAsync();

        await UntilAsync(() => Task.FromResult(BlockedGauge() == 0));
    }

    private int Told() => Events().Distinct().Count();

    // Besides the event of the start, which takes the slot.
    private IEnumerable<Guid> Events() =>
        Received.SelectMany(batch => batch.Events).Where(ledgerEvent => ledgerEvent.Type != nameof(OutboxSlotTaken)).Select(ledgerEvent => ledgerEvent.EventId);

    private bool Logged(string text) => _app.Services.GetRequiredService<RecordedLogs>().Entries.Any(entry => entry.Text.Contains(text, StringComparison.Ordinal));

    private async Task<HealthReportEntry> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "outbox", Cancellation)).Entries["outbox"];

    private int BlockedGauge()
    {
        var meters = _app.Services.GetRequiredService<IMeterFactory>();
        var value = -1;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, mine) =>
        {
            if (instrument.Name == "orchestration.outbox.broker_blocked" && ReferenceEquals(instrument.Meter.Scope, meters))
                mine.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, measurement, _, _) => value = measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return value;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await condition())
            await Task.Delay(10, patience.Token);
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = TestSettings.CreateBuilder(
            ("ConnectionStrings:messaging", _relay.ConnectionString),
            ("Outbox:Directory", _directory),
            ("urls", "http://127.0.0.1:0"));
        var logs = new RecordedLogs();
        builder.Logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(logs).AddSingleton(logs);
        builder.Services.AddSingleton(new ConcurrentQueue<LedgerBatch>());
        builder.AddServiceDefaults();
        builder.AddMessaging(bus => bus.AddQueueConsumer<BatchConsumer>("ledger"));
        builder.AddOutbox();
        var app = builder.Build();
        await app.StartAsync(Cancellation);
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);
        return app;
    }
}
