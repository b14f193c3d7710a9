using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Recording;

/// <summary>The way from the broker to the rows, with consumers that come and go.</summary>
public sealed class LedgerBatchConsumerTests : IAsyncLifetime
{
    private BackingServices _services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A virtual host of its own: every host of these tests consumes the one queue "ledger".
    public async ValueTask InitializeAsync() =>
        _services = await BackingServices.StartAsync(BackingService.Postgres | BackingService.RabbitMq, Cancellation);

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task Totals_are_exact_after_copies_restarts_and_an_outage()
    {
        var stories = Enumerable.Range(0, 300).Select(_ => LedgerStory.Begin()).ToList();
        var events = stories.SelectMany(story => story.Events).ToList();
        string database;
        await using (var first = await StartAsync())
        {
            database = first.Name;
            await PublishAsync(first, events.Take(700));
        }

        await using (var second = await StartAsync(database))
        {
            await using (await OutageAsync(database))
                await PublishAsync(second, events.Skip(500));
            await PublishAsync(second, events.Take(100));
            await UntilAsync(second, stories.Count);
            second.Database.Clear();

            (await second.Database.CountAsync("requests WHERE admitted_event_id IS NOT NULL AND completed_event_id IS NOT NULL")).ShouldBe(300);
            (await second.Database.CountAsync("attempts WHERE started_event_id IS NOT NULL AND finished_event_id IS NOT NULL")).ShouldBe(300);
            (await second.Database.CountAsync("quarantined_events")).ShouldBe(0);
            await using var sum = second.Database.CreateCommand("SELECT sum(cost) FROM requests");
            (await sum.ExecuteScalarAsync(Cancellation)).ShouldBe(300 * 0.000223m);
            (await ErrorsAsync(second)).ShouldBe(0u);
        }
    }

    [Fact]
    public async Task Ledger_span_of_a_batch_links_to_every_trace_of_its_events()
    {
        var spans = new System.Collections.Concurrent.ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Orchestration.Metrics",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var stories = Enumerable.Range(0, 125).Select(_ => LedgerStory.Begin()).ToList();
        await using var host = await StartAsync();

        await PublishAsync(host, stories.SelectMany(story => story.Events));
        await UntilAsync(host, stories.Count);

        var mine = stories.Select(story => story.TraceId).ToHashSet();
        await WaitAsync(() => Task.FromResult(spans.SelectMany(span => span.Links).Select(link => link.Context.TraceId.ToHexString()).ToHashSet().IsSupersetOf(mine)));
        spans.ShouldAllBe(span => span.Links.Count() <= 128);
        var inner = spans.Single(span => span.Links.Any(link => link.Context.TraceId.ToHexString() == stories[^1].TraceId));
        spans.ShouldContain(span => span.SpanId == inner.ParentSpanId);
    }

    private async Task<MetricsHost> StartAsync(string? database = null)
    {
        var host = await MetricsHost.StartAsync(_services, BackingService.RabbitMq, database);
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);
        return host;
    }

    private static async Task PublishAsync(MetricsHost host, IEnumerable<LedgerEvent> events)
    {
        var bus = host.Services.GetRequiredService<IBus>();
        var sequence = 0L;
        foreach (var chunk in events.Chunk(500))
        {
            await bus.Publish(new LedgerBatch { Instance = "gateway-0", FirstSequence = sequence, Events = chunk }, Cancellation);
            sequence += chunk.Length;
        }
    }

    /// <summary>The database lets nobody in, and throws out who is there, until the result is disposed.</summary>
    private async Task<IAsyncDisposable> OutageAsync(string database)
    {
        await AdministerAsync(
            $"ALTER DATABASE {database} ALLOW_CONNECTIONS false",
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
        return new Outage(() => AdministerAsync($"ALTER DATABASE {database} ALLOW_CONNECTIONS true"));
    }

    private async Task AdministerAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(_services.AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private async Task<uint> ErrorsAsync(MetricsHost host)
    {
        var factory = new RabbitMQ.Client.ConnectionFactory { Uri = new Uri(_services.MessagingConnectionString) };
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        return (await channel.QueueDeclarePassiveAsync("ledger_error", Cancellation)).MessageCount;
    }

    private static Task UntilAsync(MetricsHost host, int stories) => WaitAsync(async () =>
        await host.Database.CountAsync("requests WHERE completed_event_id IS NOT NULL AND admitted_event_id IS NOT NULL") >= stories
        && await host.Database.CountAsync("attempts WHERE finished_event_id IS NOT NULL AND started_event_id IS NOT NULL") >= stories);

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await HoldsAsync(condition))
            await Task.Delay(50, deadline.Token);
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (NpgsqlException)
        {
            // A pooled connection that the outage has cut.
            return false;
        }
    }

    private sealed class Outage(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
