using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;
using Orchestration.Testing;

namespace Orchestration.ServiceDefaults.Tests.Outbox;

using Outbox = Orchestration.ServiceDefaults.Outbox.Outbox;

public sealed class OutboxRelayTests : IAsyncLifetime
{
    private readonly string _directory = TestOutbox.NewDirectory();
    private BackingServices _services = null!;

    public async ValueTask InitializeAsync() =>
        _services = await BackingServices.StartAsync(BackingService.RabbitMq, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Events_arrive_once_in_order_and_leave_the_disk()
    {
        await using var app = await StartAsync(consume: true);
        var outbox = app.Services.GetRequiredService<Outbox>();
        var sent = Enumerable.Range(0, 1_200).Select(_ => TestOutbox.Completed()).ToList();

        foreach (var ledgerEvent in sent)
        {
            await outbox.AppendAsync(ledgerEvent, TestContext.Current.CancellationToken);
        }

        var batches = await ReceivedAsync(app, sent.Count);
        batches.ShouldAllBe(batch => batch.Events.Count >= 1 && batch.Events.Count <= 500);
        batches.OrderBy(batch => batch.FirstSequence).SelectMany(batch => batch.Events).Where(ledgerEvent => ledgerEvent.Type != nameof(OutboxSlotTaken)).ShouldBe(sent);
        await UntilAsync(() => outbox.Pending == 0);
        outbox.ReadPending(10).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_wait_on_disk_until_somebody_has_a_queue_for_them()
    {
        await using var sender = await StartAsync(consume: false);
        var outbox = sender.Services.GetRequiredService<Outbox>();
        await outbox.AppendAsync(10);
        await UntilAsync(() => sender.Services.GetRequiredService<RecordedLogs>().Entries.Any(
            entry => entry.Text.Contains("did not confirm", StringComparison.Ordinal)));
        outbox.Pending.ShouldBe(11);

        await using var receiver = await StartAsync(consume: true);

        Told(await ReceivedAsync(receiver, 10)).Count().ShouldBe(10);
    }

    [Fact]
    public async Task Row_that_cannot_be_read_is_moved_aside_and_holds_nobody_up()
    {
        await using var app = await StartAsync(consume: true);
        var outbox = app.Services.GetRequiredService<Outbox>();
        await Task.WhenAll(
            outbox.AppendAsync(5),
            outbox.Slot.Writer.SubmitAsync(new AppendWork(Encoding.UTF8.GetBytes("{\"eventId\":"))),
            outbox.AppendAsync(5));
        await outbox.AppendAsync(1);

        Told(await ReceivedAsync(app, 11)).Count().ShouldBe(11);
        await UntilAsync(() => outbox.Slot.File.CountQuarantined() == 1 && outbox.Slot.File.CountEvents() == 0);
    }

    [Fact]
    public async Task What_a_dead_process_left_is_delivered_under_its_own_name()
    {
        using (var dead = TestOutbox.Open(_directory))
        {
            await dead.AppendAsync(7);
        }

        await using var beside = await StartBesideAsync();

        var batches = await ReceivedAsync(beside, 7);
        batches.Where(batch => Told([batch]).Any()).ShouldAllBe(batch => batch.Instance == "probe-0");
        beside.Services.GetRequiredService<Outbox>().Instance.ShouldBe("probe-1");
    }

    [Fact]
    public async Task Adopted_slot_is_ended_once_by_the_last_number_of_the_dead_process()
    {
        using (var dead = TestOutbox.Open(_directory))
        {
            await dead.AppendAsync(7);
        }

        await using var beside = await StartBesideAsync();

        var received = beside.Services.GetRequiredService<ConcurrentQueue<LedgerBatch>>();
        await UntilAsync(() => Turnovers(received).Any(turnover => turnover.Event.Adopted));
        var (event_, sequence) = Turnovers(received).Single(turnover => turnover.Event.Adopted);
        event_.Instance.ShouldBe("probe-0");
        sequence.ShouldBe(received.Where(batch => batch.Instance == "probe-0").Max(batch => batch.FirstSequence + batch.Events.Count - 1));
        // A slot that is ended stays so: further passes, and another process that starts beside, add nothing.
        await using (await StartBesideAsync())
        {
            using var slot = await ClaimAsync(0);
            slot.File.IsEnded.ShouldBeTrue();
            slot.File.CountEvents().ShouldBe(0);
        }

        Turnovers(received).Count(turnover => turnover.Event is { Adopted: true, Instance: "probe-0" }).ShouldBe(1);
    }

    [Fact]
    public async Task Slot_that_a_dead_process_left_empty_is_ended_too()
    {
        TestOutbox.Open(_directory).Dispose();

        await using var beside = await StartBesideAsync();

        var received = beside.Services.GetRequiredService<ConcurrentQueue<LedgerBatch>>();
        await UntilAsync(() => Turnovers(received).Any(turnover => turnover.Event is { Adopted: true, Instance: "probe-0" }));
    }

    [Fact]
    public async Task D37_two_relays_on_one_slot_lose_nothing_and_keep_its_order()
    {
        await using var app = await StartAsync(consume: true);
        using var slot = OutboxSlot.TryClaim(new OutboxOptions { Directory = _directory }, 5, TimeProvider.System, new RecordedLogs()).ShouldNotBeNull();
        var sent = Enumerable.Range(0, 2_000).Select(_ => TestOutbox.Completed()).ToList();
        await Task.WhenAll(sent.Select(ledgerEvent => slot.Writer.SubmitAsync(new AppendWork(SpoolJson.Write(ledgerEvent)))));
        var delivery = app.Services.GetRequiredService<SlotDelivery>();

        await Task.WhenAll(RelayAsync(), RelayAsync());

        slot.File.CountEvents().ShouldBe(0);
        var received = app.Services.GetRequiredService<ConcurrentQueue<LedgerBatch>>();
        await UntilAsync(() => Ids(received).Distinct().Count() == sent.Count);
        Ids(received.OrderBy(batch => batch.FirstSequence)).Distinct().SequenceEqual(sent.Select(ledgerEvent => ledgerEvent.EventId)).ShouldBeTrue();

        async Task RelayAsync()
        {
            while (await delivery.DeliverOldestAsync(slot, "probe-5", TestContext.Current.CancellationToken) is not Delivery.Nothing)
            {
            }
        }
    }

    [Fact]
    public async Task D22_death_between_publish_and_confirm_gives_copies_and_no_gap()
    {
        var sent = Enumerable.Range(0, 20).Select(_ => TestOutbox.Completed()).ToList();
        await using (var dying = await StartAsync(consume: true))
        {
            using var slot = OutboxSlot.TryClaim(new OutboxOptions { Directory = _directory }, 5, TimeProvider.System, new RecordedLogs()).ShouldNotBeNull();
            await Task.WhenAll(sent.Select(ledgerEvent => slot.Writer.SubmitAsync(new AppendWork(SpoolJson.Write(ledgerEvent)))));
            await dying.Services.GetRequiredService<LedgerPublisher>().PublishAsync(
                new LedgerBatch { Instance = "probe-5", FirstSequence = slot.File.ReadOldest(1, int.MaxValue)[0].Sequence, Events = sent },
                TestContext.Current.CancellationToken);
            Told(await ReceivedAsync(dying, sent.Count)).Count().ShouldBe(sent.Count);
        }

        await using var next = await StartAsync(consume: true);

        (await ReceivedAsync(next, sent.Count)).Where(batch => batch.Instance == "probe-5").SelectMany(batch => batch.Events).Where(ledgerEvent => ledgerEvent.Type != nameof(OutboxSlotTaken)).ShouldBe(sent);
        await UntilAsync(() => next.Services.GetRequiredService<Outbox>().Pending == 0);
    }

    [Fact]
    public async Task Slot_that_cannot_be_opened_holds_up_no_other()
    {
        var bad = Directory.CreateDirectory(Path.Combine(_directory, "slot-1"));
        bad.CreateSubdirectory("lock");
        await File.WriteAllBytesAsync(Path.Combine(bad.FullName, "spool.db"), [], TestContext.Current.CancellationToken);
        using (var dead = OutboxSlot.TryClaim(new OutboxOptions { Directory = _directory }, 2, TimeProvider.System, new RecordedLogs()))
        {
            await dead.ShouldNotBeNull().Writer.SubmitAsync(new AppendWork(SpoolJson.Write(TestOutbox.Completed())));
        }

        await using var app = await StartAsync(consume: true);

        (await ReceivedAsync(app, 1)).Where(batch => Told([batch]).Any()).ShouldHaveSingleItem().Instance.ShouldBe("probe-2");
        await UntilAsync(() => app.Services.GetRequiredService<RecordedLogs>().Entries.Any(
            entry => entry.Text.Contains("slot 1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Batch_is_linked_to_the_requests_that_it_tells_of()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Orchestration.Outbox",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await StartAsync(consume: true);
        using var request = new Activity("request").Start();

        await app.Services.GetRequiredService<Outbox>().AppendAsync(
            TestOutbox.Completed() with { TraceParent = request.Id }, TestContext.Current.CancellationToken);

        await ReceivedAsync(app, 1);
        await UntilAsync(() => spans.Any(span => span.Links.Any(link => link.Context.TraceId == request.TraceId)));
    }

    [Fact]
    public async Task Frozen_broker_stops_neither_appends_nor_the_end_of_the_process()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        var app = await StartAsync(consume: false, $"amqp://guest:guest@127.0.0.1:{((IPEndPoint)frozen.LocalEndpoint).Port}");
        await app.Services.GetRequiredService<Outbox>().AppendAsync(100).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await app.StopAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await app.DisposeAsync();

        using var next = TestOutbox.Open(_directory);
        next.Pending.ShouldBe(101);
    }

    private static IEnumerable<(OutboxSlotTaken Event, long Sequence)> Turnovers(IEnumerable<LedgerBatch> batches) =>
        from batch in batches
        from item in batch.Events.Index()
        where item.Item.Type == nameof(OutboxSlotTaken)
        select (LedgerEvents.Unwrap<OutboxSlotTaken>(item.Item)!, batch.FirstSequence + item.Index);

    private static IEnumerable<LedgerEvent> Told(IEnumerable<LedgerBatch> batches) =>
        batches.SelectMany(batch => batch.Events).Where(ledgerEvent => ledgerEvent.Type != nameof(OutboxSlotTaken));

    private async Task<OutboxSlot> ClaimAsync(int number)
    {
        OutboxSlot? slot = null;
        await UntilAsync(() => (slot = OutboxSlot.TryClaim(new OutboxOptions { Directory = _directory }, number, TimeProvider.System, new RecordedLogs())) is not null);
        return slot!;
    }

    private static IEnumerable<Guid> Ids(IEnumerable<LedgerBatch> batches) =>
        Told(batches).Select(ledgerEvent => ledgerEvent.EventId);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private static async Task<List<LedgerBatch>> ReceivedAsync(WebApplication app, int events)
    {
        var received = app.Services.GetRequiredService<ConcurrentQueue<LedgerBatch>>();
        await UntilAsync(() => Told(received).Count() >= events);
        return [.. received];
    }

    // The slot is taken while this host starts, so that it gets the next one; then its holder dies.
    private async Task<WebApplication> StartBesideAsync()
    {
        // Whoever adopts slot 0 at this moment lets go of it again; the new process must not find it free.
        using var held = await ClaimAsync(0);
        return await StartAsync(consume: true);
    }

    private async Task<WebApplication> StartAsync(bool consume, string? broker = null)
    {
        var builder = TestSettings.CreateBuilder(
            ("ConnectionStrings:messaging", broker ?? _services.MessagingConnectionString),
            ("Outbox:Directory", _directory),
            ("Outbox:AdoptionInterval", "00:00:00.2"),
            ("urls", "http://127.0.0.1:0"));
        var logs = new RecordedLogs();
        builder.Logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(logs).AddSingleton(logs);
        builder.Services.AddSingleton(new ConcurrentQueue<LedgerBatch>());
        builder.AddServiceDefaults();
        builder.AddMessaging(bus =>
        {
            if (consume)
            {
                bus.AddQueueConsumer<BatchConsumer>("ledger", queue => queue.Concurrency = 1);
            }
        });
        builder.AddOutbox();
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        if (consume)
        {
            await app.Services.GetRequiredService<IBusControl>()
                .WaitForHealthStatus(BusHealthStatus.Healthy, TestContext.Current.CancellationToken);
        }

        return app;
    }
}

internal sealed class BatchConsumer(ConcurrentQueue<LedgerBatch> received) : IConsumer<LedgerBatch>
{
    public Task Consume(ConsumeContext<LedgerBatch> context)
    {
        received.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}
