using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Publishes a batch and returns when the broker has confirmed it, within a time of our own.</summary>
internal sealed class LedgerPublisher(IBusInstance bus, BrokerAlarm alarm, IOptions<OutboxOptions> options, TimeProvider timeProvider)
{
    public async Task PublishAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        if (alarm.Reason is { } reason)
        {
            throw new BrokerBlockedException(reason);
        }

        using var deadline = new CancellationTokenSource(options.Value.PublishTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var publish = ListenAndPublishAsync(batch, either.Token);
        // A frozen broker never confirms, and the client does not always hear the token: so we also leave by ourselves.
        await publish.WaitAsync(options.Value.PublishTimeout, timeProvider, cancellationToken);
    }

    private async Task ListenAndPublishAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        // Every time: the bus may have another connection by now, and a blocked one says so only once something was published.
        await alarm.ListenAsync(bus, cancellationToken);
        await bus.Bus.Publish(batch, DemandQueue, cancellationToken);
    }

    // Without a queue behind the exchange the broker would confirm the batch and throw it away.
    private static void DemandQueue(PublishContext<LedgerBatch> context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
        {
            rabbit.Mandatory = true;
        }
    }
}
