using MassTransit;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Recording;

/// <summary>The queue that ledger batches come from.</summary>
internal sealed class LedgerBatchConsumerDefinition : ConsumerDefinition<LedgerBatchConsumer>
{
    /// <summary>Name that the relays send to.</summary>
    public const string QueueName = "ledger";

    private readonly RecordingOptions _options;

    public LedgerBatchConsumerDefinition(IOptions<RecordingOptions> options)
    {
        _options = options.Value;
        EndpointName = QueueName;
        ConcurrentMessageLimit = _options.ConcurrentBatches;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<LedgerBatchConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = _options.ConcurrentBatches * 2;
}
