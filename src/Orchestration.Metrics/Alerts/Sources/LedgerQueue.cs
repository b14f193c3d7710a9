using Orchestration.Metrics.Recording;
using Orchestration.ServiceDefaults;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Asks the broker how much waits for the ledger.</summary>
internal sealed partial class LedgerQueue(IConfiguration configuration, ILogger<LedgerQueue> logger) : IAsyncDisposable
{
    private const string PutAside = $"{LedgerBatchConsumer.Queue}_error";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _connecting = new(1);
    private IConnection? _connection;

    /// <summary>Batches that wait; null when the broker or the queue is away.</summary>
    public Task<long?> DepthAsync(CancellationToken cancellationToken) => CountAsync(LedgerBatchConsumer.Queue, whenMissing: null, cancellationToken);

    /// <summary>Messages that no consumer could read; null when the broker is away. Their queue stands once there was one.</summary>
    public Task<long?> PutAsideAsync(CancellationToken cancellationToken) => CountAsync(PutAside, whenMissing: 0, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connecting.Dispose();
    }

    private async Task<long?> CountAsync(string queue, long? whenMissing, CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString(ResourceNames.Messaging) is not { } address)
            return null;

        try
        {
            var connection = await ConnectAsync(address, cancellationToken);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return whenMissing;
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException)
        {
            var reason = exception.GetType().Name;
            Log.Away(logger, reason);
            return null;
        }
    }

    private async Task<IConnection> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true } open)
                return open;

            if (_connection is not null)
                await _connection.DisposeAsync();
            var factory = new ConnectionFactory { Uri = new Uri(address), AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = Patience };
            return _connection = await factory.CreateConnectionAsync("metrics-backlog", cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "What waits in the ledger's queues cannot be read: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
