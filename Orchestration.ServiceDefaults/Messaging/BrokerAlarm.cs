using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>
/// Whether the broker has stopped reading what this process publishes, which it tells while it is short of memory or disk. Publishing on would fill
/// the connection with copies of what the broker takes all the same once it has room.
/// </summary>
internal sealed partial class BrokerAlarm(ILogger<BrokerAlarm> logger)
{
    private readonly Lock _gate = new();
    private volatile IConnection? _connection;
    private volatile string? _reason;

    /// <summary>What the broker said when it blocked the connection; null while it reads. Ends with the connection, too.</summary>
    public string? Reason => _connection is { IsOpen: true } ? _reason : null;

    /// <summary>Listens to the connection that a bus has at present. Waits for one while the broker is away.</summary>
    public Task ListenAsync(IBusInstance bus, CancellationToken cancellationToken) =>
        bus.HostConfiguration is IRabbitMqHostConfiguration host
            ? host.ConnectionContextSupervisor.Send(Pipe.Execute<ConnectionContext>(context => Listen(context.Connection)), cancellationToken)
            : Task.CompletedTask;

    private void Listen(IConnection connection)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_connection, connection))
            {
                return;
            }

            (_connection, _reason) = (connection, null);
        }

        connection.ConnectionBlockedAsync += (_, blocked) =>
        {
            Tell(connection, blocked.Reason);
            Log.Blocked(logger, blocked.Reason);
            return Task.CompletedTask;
        };
        connection.ConnectionUnblockedAsync += (_, _) =>
        {
            Tell(connection, null);
            Log.Unblocked(logger);
            return Task.CompletedTask;
        };
    }

    private void Tell(IConnection connection, string? reason)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_connection, connection))
            {
                _reason = reason;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The broker takes no messages until it has room again: {Reason}")]
        public static partial void Blocked(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "The broker takes messages again")]
        public static partial void Unblocked(ILogger logger);
    }
}
