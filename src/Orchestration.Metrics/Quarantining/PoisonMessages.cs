using System.Globalization;
using System.Text;
using Orchestration.Metrics.Recording;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Messaging;
using RabbitMQ.Client;

namespace Orchestration.Metrics.Quarantining;

/// <summary>The queue of messages that no consumer could read.</summary>
internal sealed class PoisonMessages(IConfiguration configuration)
{
    private const int ShownChars = 2_000;
    private const string FaultPrefix = "MT-Fault-";
    private const string DeliveryCount = "x-delivery-count";

    private static readonly string Queue = $"{LedgerBatchConsumer.Queue}_error";

    /// <summary>The first messages, which stay in the queue.</summary>
    public async Task<(long Total, IReadOnlyList<PoisonMessage> Messages)> PeekAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
        var total = (await channel.QueueDeclarePassiveAsync(Queue, cancellationToken)).MessageCount;
        var messages = new List<BasicGetResult>();
        while (messages.Count < limit && await channel.BasicGetAsync(Queue, autoAck: false, cancellationToken) is { } taken)
            messages.Add(taken);

        foreach (var worn in messages.Where(IsWorn))
            await MoveAsync(channel, worn, Queue, worn.BasicProperties, cancellationToken);
        // All at once and only now: a message that is given back stands first again.
        if (messages.Exists(message => !IsWorn(message)))
            await channel.BasicNackAsync(messages[^1].DeliveryTag, multiple: true, requeue: true, cancellationToken);
        return (total, [.. messages.Select(Describe)]);
    }

    /// <summary>Moves messages back to their queue; each is taken out of this one only after the broker has the copy.</summary>
    public async Task<int> ReplayAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
        var moved = 0;
        // Never more than stand there now: a message that fails again comes back while this runs.
        var most = Math.Min(limit, (int)(await channel.QueueDeclarePassiveAsync(Queue, cancellationToken)).MessageCount);
        while (moved < most && await channel.BasicGetAsync(Queue, autoAck: false, cancellationToken) is { } taken)
        {
            await MoveAsync(channel, taken, LedgerBatchConsumer.Queue, WithoutFault(taken.BasicProperties), cancellationToken);
            moved++;
        }

        return moved;
    }

    private Task<IConnection> ConnectAsync(CancellationToken cancellationToken) => new ConnectionFactory
    {
        Uri = new Uri(configuration.GetConnectionString(ResourceNames.Messaging)!),
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
    }.CreateConnectionAsync(cancellationToken);

    private static CreateChannelOptions Confirmed => new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    /// <summary>
    /// True when giving the message back would soon be once too often: the broker counts that as a failed delivery, and throws away what fails in
    /// this queue. A copy starts from nothing.
    /// </summary>
    private static bool IsWorn(BasicGetResult taken) =>
        taken.BasicProperties.Headers?.TryGetValue(DeliveryCount, out var count) is true
        && Convert.ToInt64(count, CultureInfo.InvariantCulture) >= QueueConsumerExtensions.DeliveryLimit / 2;

    private static async Task MoveAsync(IChannel channel, BasicGetResult taken, string queue, IReadOnlyBasicProperties properties, CancellationToken cancellationToken)
    {
        var kept = new BasicProperties(properties)
        {
            Persistent = true,
            Headers = properties.Headers?.Where(header => !header.Key.StartsWith("x-", StringComparison.Ordinal)).ToDictionary(header => header.Key, header => header.Value),
        };
        await channel.BasicPublishAsync("", queue, mandatory: true, kept, taken.Body, cancellationToken);
        await channel.BasicAckAsync(taken.DeliveryTag, multiple: false, cancellationToken);
    }

    /// <summary>The message's properties without the traces of its failure, which would count against it.</summary>
    private static BasicProperties WithoutFault(IReadOnlyBasicProperties properties) => new(properties)
    {
        Headers = properties.Headers?.Where(header => !header.Key.StartsWith(FaultPrefix, StringComparison.Ordinal)).ToDictionary(header => header.Key, header => header.Value),
    };

    private static PoisonMessage Describe(BasicGetResult taken)
    {
        var beginning = Encoding.UTF8.GetString(taken.Body.Span[..Math.Min(taken.Body.Length, ShownChars)]);
        return new PoisonMessage(
            taken.BasicProperties.MessageId ?? "",
            Header(taken, FaultPrefix + "ExceptionType"),
            DateTimeOffset.TryParse(Header(taken, FaultPrefix + "Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var failed) ? failed : null,
            taken.Body.Length,
            beginning);
    }

    private static string Header(BasicGetResult taken, string name) =>
        taken.BasicProperties.Headers?.TryGetValue(name, out var value) is true
            ? value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), _ => value?.ToString() ?? "" }
            : "";
}

/// <summary>A message that no consumer could read.</summary>
internal sealed record PoisonMessage(string MessageId, string Fault, DateTimeOffset? FailedAt, long Size, string Beginning);
