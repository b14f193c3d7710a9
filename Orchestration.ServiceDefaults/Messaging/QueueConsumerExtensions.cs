using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>Consumers with uniformly declared queues.</summary>
public static class QueueConsumerExtensions
{
    /// <summary>Times that the broker hands a message out again after consumers died with it.</summary>
    public const int DeliveryLimit = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds a consumer with a durable quorum queue that all replicas share. A message whose consumer throws, and one whose
    /// consumers die with it <see cref="DeliveryLimit"/> times, end in the queue <c>{queue}_error</c>.
    /// </summary>
    /// <param name="bus">The registrations of the bus.</param>
    /// <param name="queue">Name of the queue, for example "ledger".</param>
    /// <param name="configure">Prefetch and concurrency.</param>
    public static IBusRegistrationConfigurator AddQueueConsumer<TConsumer>(
        this IBusRegistrationConfigurator bus, string queue, Action<QueueOptions>? configure = null)
        where TConsumer : class, IConsumer
    {
        var options = new QueueOptions();
        configure?.Invoke(options);
        bus.AddConsumer<TConsumer>();
        bus.AddSingleton(new QueueConsumer((context, configurator) => configurator.ReceiveEndpoint(queue, endpoint =>
        {
            DeclareQueue(endpoint, queue);
            endpoint.PrefetchCount = options.Prefetch;
            endpoint.ConcurrentMessageLimit = options.Concurrency;
            // By default a message of a type that nobody here knows goes to a queue that nobody looks at.
            endpoint.ThrowOnSkippedMessages();
            endpoint.UseMessageRetry(retry => WaitForStores(retry, options.OutagePatience));
            endpoint.ConfigureConsumer<TConsumer>(context);
        })));
        return bus;
    }

    /// <summary>
    /// Adds a consumer of news that every replica must hear: a queue of its own per process, gone with the process. What is
    /// published while a replica is away, it never hears.
    /// </summary>
    public static IBusRegistrationConfigurator AddBroadcastConsumer<TConsumer>(this IBusRegistrationConfigurator bus)
        where TConsumer : class, IConsumer
    {
        bus.AddConsumer<TConsumer>();
        bus.AddSingleton(new QueueConsumer((context, configurator) => configurator.ReceiveEndpoint(
            new TemporaryEndpointDefinition(), endpoint => endpoint.ConfigureConsumer<TConsumer>(context))));
        return bus;
    }

    private static void DeclareQueue(IRabbitMqReceiveEndpointConfigurator endpoint, string queue)
    {
        var errors = $"{queue}_error";
        endpoint.SetQuorumQueue();
        endpoint.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        endpoint.SetQueueArgument("x-dead-letter-exchange", errors);
        endpoint.BindDeadLetterQueue(errors, errors, dead =>
        {
            dead.SetQueueArgument("x-queue-type", "quorum");
            dead.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            dead.SetQueueArgument("x-dead-letter-exchange", errors);
        });
    }

    private static void WaitForStores(IRetryConfigurator retry, TimeSpan patience)
    {
        retry.Handle<Exception>(Outages.IsOutage);
        retry.Exponential(
            (int)(patience / LongestPause), TimeSpan.FromMilliseconds(200), LongestPause, TimeSpan.FromMilliseconds(200));
    }
}
