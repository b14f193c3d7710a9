using System.Text;
using System.Text.Json;
using Grpc.Core;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts;
using Orchestration.Metrics.Alerts.Sources;
using Orchestration.Testing;
using RabbitMQ.Client;

namespace Orchestration.Metrics.Tests.Quarantining;

/// <summary>Messages that no consumer could read, in a real broker.</summary>
public sealed class PoisonMessagesTests : IAsyncLifetime
{
    private const string Queue = "ledger";
    private const string ErrorQueue = "ledger_error";

    private BackingServices _services = null!;
    private MetricsHost _host = null!;
    private IConnection _connection = null!;
    private IChannel _channel = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private QuarantineService.QuarantineServiceClient Client => new(_host.Channel);

    // A virtual host of its own: every host of these tests consumes the one queue "ledger".
    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Postgres | BackingService.RabbitMq, Cancellation);
        _host = await MetricsHost.StartAsync(_services, BackingService.RabbitMq);
        await _host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);
        _connection = await new ConnectionFactory { Uri = new Uri(_services.MessagingConnectionString) }.CreateConnectionAsync(Cancellation);
        _channel = await _connection.CreateChannelAsync(cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task What_cannot_be_read_reaches_the_error_queue_and_is_shown()
    {
        await PublishAsync(Queue, "no message at all", "m-1");

        var answer = await UntilAsync(1);

        var message = answer.Messages.ShouldHaveSingleItem();
        (message.MessageId, message.Beginning, message.Size).ShouldBe(("m-1", "no message at all", 17L));
        message.Fault.ShouldNotBeEmpty();
        message.FailedAt.ToDateTimeOffset().ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Operators_are_told_of_messages_that_were_put_aside()
    {
        var alerts = _host.Services.GetServices<IAlertSource>().Single(source => source.Kind == AlertKinds.UnreadableMessages);
        var rule = AlertKinds.Find(AlertKinds.UnreadableMessages)!;
        (await alerts.LookAsync(rule, Cancellation)).ShouldBe([]);

        await PublishAsync(Queue, "no message at all", "m-1");

        await Eventually.HoldsAsync(async () => await alerts.LookAsync(rule, Cancellation) is [{ } told] && told.Facts["messages"] == "1");
    }

    [Fact]
    public async Task Message_of_an_unknown_type_is_not_put_where_nobody_looks()
    {
        await PublishAsync(Queue, Envelope("urn:message:Orchestration.Contracts.Messages:FromTheFuture"), "m-1");

        (await UntilAsync(1)).Messages.ShouldHaveSingleItem().MessageId.ShouldBe("m-1");
    }

    [Fact]
    public async Task Looking_takes_nothing_away_however_often()
    {
        foreach (var number in Enumerable.Range(0, 3))
            await PublishAsync(Queue, $"poison {number}", $"m-{number}");
        await UntilAsync(3);

        for (var look = 0; look < 20; look++)
        {
            // The broker gives them back to the queue a moment after the look.
            var answer = await UntilAsync(3);
            answer.Messages.Select(message => message.MessageId).ShouldBe(["m-0", "m-1", "m-2"], ignoreOrder: true);
            answer.Messages.ShouldAllBe(message => message.Fault.Length > 0);
        }
    }

    [Fact]
    public async Task Replay_records_what_can_be_read_by_now_and_the_rest_comes_back()
    {
        var story = LedgerStory.Begin();
        await PublishAsync(Queue, "poison", "bad");
        await UntilAsync(1);
        await PublishAsync(ErrorQueue, Envelope("urn:message:Orchestration.Contracts.Messages:LedgerBatch", story), "good");
        await UntilAsync(2);

        (await Client.ReplayPoisonMessagesAsync(new(), As())).Replayed.ShouldBe(2);

        (await UntilAsync(1)).Messages.ShouldHaveSingleItem().MessageId.ShouldBe("bad");
        await Eventually.HoldsAsync(async () => (await _host.Database.RowsAsync("requests", story.RequestId)).Count == 1);
        (await _host.Database.RowsAsync("attempts", story.AttemptId)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Replay_moves_no_more_than_was_asked_for()
    {
        foreach (var number in Enumerable.Range(0, 3))
            await PublishAsync(ErrorQueue, "poison", $"m-{number}");
        await UntilAsync(3);

        (await Client.ReplayPoisonMessagesAsync(new() { Limit = 2 }, As())).Replayed.ShouldBe(2);

        (await UntilAsync(3)).Messages[0].MessageId.ShouldBe("m-2");
    }

    [Fact]
    public async Task Batch_stays_with_the_broker_until_its_transaction_is_committed()
    {
        var story = LedgerStory.Begin();
        await using (await _host.LockRequestsAsync(_services))
        {
            await PublishAsync(Queue, Envelope("urn:message:Orchestration.Contracts.Messages:LedgerBatch", story), "held");
            await _host.UntilWriterWaitsAsync();
            await _host.DisposeAsync();
            await Eventually.HoldsAsync(async () => (await _channel.QueueDeclarePassiveAsync(Queue, Cancellation)).MessageCount == 1);
        }

        _host = await MetricsHost.StartAsync(_services, BackingService.RabbitMq, _host.Name);
        await Eventually.HoldsAsync(async () => (await _host.Database.RowsAsync("requests", story.RequestId)).Count == 1);
    }

    private CallOptions As() => _host.CallsAs("gateway").For("", "admin", TimeSpan.FromMinutes(1), Cancellation);

    private async Task<ListPoisonMessagesResponse> ListAsync() => await Client.ListPoisonMessagesAsync(new(), As());

    /// <summary>Waits without looking, which would count as deliveries.</summary>
    private async Task<ListPoisonMessagesResponse> UntilAsync(uint messages)
    {
        await Eventually.HoldsAsync(async () =>
            (await _channel.QueueDeclarePassiveAsync(ErrorQueue, Cancellation)).MessageCount == messages
            && (await _channel.QueueDeclarePassiveAsync(Queue, Cancellation)).MessageCount == 0);
        return await ListAsync();
    }

    private async Task PublishAsync(string queue, string body, string id) => await _channel.BasicPublishAsync(
        "",
        queue,
        mandatory: true,
        new BasicProperties { MessageId = id, ContentType = "application/vnd.masstransit+json", Persistent = true },
        Encoding.UTF8.GetBytes(body),
        Cancellation);

    private static string Envelope(string type, LedgerStory? story = null) => JsonSerializer.Serialize(
        new
        {
            MessageId = Guid.CreateVersion7(),
            MessageType = new[] { type },
            Message = new LedgerBatch { Instance = "gateway-0", FirstSequence = 0, Events = [.. story?.Events ?? []] },
        },
        JsonSerializerOptions.Web);
}
