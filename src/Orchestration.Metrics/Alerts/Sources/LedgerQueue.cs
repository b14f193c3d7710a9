using Orchestration.Metrics.Recording;
using Orchestration.ServiceDefaults;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Asks the broker how much waits for the ledger.</summary>
internal sealed partial class LedgerQueue(IConfiguration configuration, ILogger<LedgerQueue> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private IConnection? _connection;

    /// <summary>Batches that wait; null when the broker or the queue is away.</summary>
    public async Task<long?> DepthAsync(CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString(ResourceNames.Messaging) is not { } address)
            return null;

        try
        {
            if (_connection is not { IsOpen: true })
            {
                if (_connection is not null)
                    await _connection.DisposeAsync();
                var factory = new ConnectionFactory { Uri = new Uri(address), AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = Patience };
                _connection = await factory.CreateConnectionAsync("metrics-backlog", cancellationToken);
            }

            await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return (await channel.QueueDeclarePassiveAsync(LedgerBatchConsumer.Queue, cancellationToken)).MessageCount;
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException)
        {
            var reason = exception.GetType().Name;
            Log.Away(logger, reason);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The depth of the ledger's queue cannot be read: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
