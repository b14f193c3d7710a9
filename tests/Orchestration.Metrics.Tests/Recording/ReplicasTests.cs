using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Tests.Rollups;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Recording;

/// <summary>Two replicas of the ledger on one queue and one database.</summary>
public sealed class ReplicasTests : IAsyncLifetime
{
    private BackingServices _services = null!;
    private MetricsHost _one = null!;
    private MetricsHost _two = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A virtual host of its own: every host of these tests consumes the one queue "ledger".
    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Postgres | BackingService.RabbitMq, Cancellation);
        _one = await StartAsync(null);
        _two = await StartAsync(_one.Name);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Replicas_that_consume_at_once_make_no_copies_no_deadlocks_and_exact_sums()
    {
        var (first, second) = (new Received(), new Received());
        using var one = _one.Services.GetRequiredService<IBusControl>().ConnectReceiveObserver(first);
        using var two = _two.Services.GetRequiredService<IBusControl>().ConnectReceiveObserver(second);
        var stories = Enumerable.Range(0, 400).Select(_ => LedgerStory.Begin("replicas")).ToList();
        var events = stories.SelectMany(story => story.Events).ToArray();
        var random = new Random(7);
        var told = events.Concat(events.Where(_ => random.Next(4) == 0)).ToArray();
        random.Shuffle(told);

        var bus = _one.Services.GetRequiredService<IBus>();
        await Task.WhenAll(told.Chunk(20).Select((chunk, index) =>
            bus.Publish(new LedgerBatch { Instance = "gateway-0", FirstSequence = index * 20, Events = chunk }, Cancellation)));
        var batches = (told.Length + 19) / 20;
        await Eventually.HoldsAsync(() => Task.FromResult(first.Count + second.Count >= batches));

        first.Count.ShouldBeGreaterThan(0);
        second.Count.ShouldBeGreaterThan(0);
        (await _one.Database.CountAsync("requests WHERE admitted_event_id IS NOT NULL AND completed_event_id IS NOT NULL")).ShouldBe(400);
        (await _one.Database.CountAsync("attempts WHERE started_event_id IS NOT NULL AND finished_event_id IS NOT NULL")).ShouldBe(400);
        (await _one.Database.CountAsync("quarantined_events")).ShouldBe(0);
        await _one.Database.ShouldEqualRowsAsync("replicas");
        (await _one.Database.CountAsync("pg_stat_database WHERE datname = current_database() AND deadlocks > 0")).ShouldBe(0);
    }

    private async Task<MetricsHost> StartAsync(string? database)
    {
        // Few at a time, so that both have something to do.
        var host = await MetricsHost.StartAsync(_services, BackingService.RabbitMq, database, new Dictionary<string, string?> { ["Recording:ConcurrentBatches"] = "4" });
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);
        return host;
    }

    /// <summary>Counts the messages that a replica has acknowledged.</summary>
    private sealed class Received : IReceiveObserver
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context)
        {
            Interlocked.Increment(ref _count);
            return Task.CompletedTask;
        }

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
    }
}
