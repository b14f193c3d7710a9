using System.Globalization;
using System.Text;
using Orchestration.Metrics.Recording;
using Orchestration.ServiceDefaults;
using RabbitMQ.Client;

namespace Orchestration.Metrics.Quarantining;

/// <summary>The queue of messages that no consumer could read.</summary>
internal sealed class PoisonMessages(IConfiguration configuration)
{
    private const int ShownChars = 2_000;
    private const string FaultPrefix = "MT-Fault-";

    private static readonly string Queue = $"{LedgerBatchConsumer.Queue}_error";

    /// <summary>The first messages, which stay in the queue.</summary>
    public async Task<(long Total, IReadOnlyList<PoisonMessage> Messages)> PeekAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var total = (await channel.QueueDeclarePassiveAsync(Queue, cancellationToken)).MessageCount;
        var messages = new List<PoisonMessage>();
        var last = 0UL;
        while (messages.Count < limit && await channel.BasicGetAsync(Queue, autoAck: false, cancellationToken) is { } taken)
        {
            messages.Add(Describe(taken));
            last = taken.DeliveryTag;
        }

        // All at once and only now: a message that is given back stands first again.
        if (last > 0)
            await channel.BasicNackAsync(last, multiple: true, requeue: true, cancellationToken);
        return (total, messages);
    }

    /// <summary>Moves messages back to their queue; each is taken out of this one only after the broker has the copy.</summary>
    public async Task<int> ReplayAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var channel = await connection.CreateChannelAsync(options, cancellationToken);
        var moved = 0;
        // Never more than stand there now: a message that fails again comes back while this runs.
        var most = Math.Min(limit, (int)(await channel.QueueDeclarePassiveAsync(Queue, cancellationToken)).MessageCount);
        while (moved < most && await channel.BasicGetAsync(Queue, autoAck: false, cancellationToken) is { } taken)
        {
            await channel.BasicPublishAsync("", LedgerBatchConsumer.Queue, mandatory: true, Clean(taken.BasicProperties), taken.Body, cancellationToken);
            await channel.BasicAckAsync(taken.DeliveryTag, multiple: false, cancellationToken);
            moved++;
        }

        return moved;
    }

    private Task<IConnection> ConnectAsync(CancellationToken cancellationToken) => new ConnectionFactory
    {
        Uri = new Uri(configuration.GetConnectionString(ResourceNames.Messaging)!),
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
    }.CreateConnectionAsync(cancellationToken);

    /// <summary>The message's properties without the traces of its failure, which would count against it.</summary>
    private static BasicProperties Clean(IReadOnlyBasicProperties properties) => new(properties)
    {
        Persistent = true,
        Headers = properties.Headers?
            .Where(header => !header.Key.StartsWith(FaultPrefix, StringComparison.Ordinal) && !header.Key.StartsWith("x-", StringComparison.Ordinal))
            .ToDictionary(header => header.Key, header => header.Value),
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
