using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orchestration.Metrics.Alerts;
using Orchestration.Metrics.Alerts.Sources;
using Orchestration.ServiceDefaults;
using Orchestration.Testing;
using RabbitMQ.Client;

namespace Orchestration.Metrics.Tests.Alerts.Sources;

/// <summary>A queue in a real broker that nobody empties, beside a ledger that is written to by hand.</summary>
public sealed class LedgerBacklogTests : IAsyncLifetime
{
    private const string Queue = "ledger";

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private BackingServices _services = null!;
    private MetricsHost _host = null!;
    private IConnection _connection = null!;
    private IChannel _channel = null!;
    private LedgerQueue _queue = null!;
    private LedgerBacklog _backlog = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Postgres | BackingService.RabbitMq, Cancellation);
        _host = await MetricsHost.StartAsync(_services);
        _connection = await new ConnectionFactory { Uri = new Uri(_services.MessagingConnectionString) }.CreateConnectionAsync(Cancellation);
        _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancellation);
        await _channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new($"ConnectionStrings:{ResourceNames.Messaging}", _services.MessagingConnectionString)]).Build();
        _queue = new LedgerQueue(configuration, NullLogger<LedgerQueue>.Instance);
        _backlog = new LedgerBacklog(_queue, _host.Services.GetRequiredService<NpgsqlDataSource>(), _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        await _connection.DisposeAsync();
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Quiet_ledger_with_one_batch_that_just_came_is_no_backlog()
    {
        await RecordAsync(_time.GetUtcNow().AddHours(-1));
        (await LookAsync()).ShouldBeEmpty();

        await PublishAsync(1);

        (await LookAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_that_nobody_takes_is_told_of_and_ends_when_it_was_taken()
    {
        await PublishAsync(1);
        await LookAsync();
        _time.Advance(TimeSpan.FromMinutes(3));

        (await LookAsync()).ShouldBe([("1", "180")]);

        await _channel.QueuePurgeAsync(Queue, Cancellation);
        (await LookAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ledger_that_keeps_up_with_a_queue_that_never_empties_is_no_backlog()
    {
        await PublishAsync(1);
        await LookAsync();
        _time.Advance(TimeSpan.FromMinutes(3));
        await RecordAsync(_time.GetUtcNow().AddSeconds(-2));

        (await LookAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Very_many_batches_are_told_of_at_once()
    {
        await PublishAsync(AlertKinds.Find(AlertKinds.Backlog)!.MinimumCount);

        (await LookAsync()).ShouldBe([("200", "0")]);
    }

    private async Task<IEnumerable<(string Batches, string Lag)>> LookAsync() =>
        (await _backlog.LookAsync(AlertKinds.Find(AlertKinds.Backlog)!, Cancellation)).ShouldNotBeNull().Select(told => (told.Facts["batches"], told.Facts["lag_seconds"]));

    private async Task RecordAsync(DateTimeOffset startedAt) => await _host.Writer.WriteAsync(LedgerStory.Begin(startedAt: startedAt).Events.Sequenced(), Cancellation);

    private async Task PublishAsync(int count)
    {
        for (var number = 0; number < count; number++)
            await _channel.BasicPublishAsync("", Queue, "batch"u8.ToArray(), Cancellation);
    }
}
