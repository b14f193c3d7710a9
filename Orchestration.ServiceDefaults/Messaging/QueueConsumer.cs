using MassTransit;

namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>A consumer and how its queue is declared; collected from the container when the bus is made.</summary>
internal sealed record QueueConsumer(Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> Configure);
