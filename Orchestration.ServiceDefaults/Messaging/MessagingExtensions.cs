using System.Text.Encodings.Web;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>RabbitMQ through MassTransit: quorum queues with a delivery limit and one error queue each.</summary>
public static class MessagingExtensions
{
    /// <summary>Adds the bus from the connection string "messaging" and lets the service register its consumers.</summary>
    /// <remarks>
    /// The host starts without waiting for the broker, and a broker that is away makes the service degraded, not unready.
    /// Consumers get their queues with <see cref="QueueConsumerExtensions.AddQueueConsumer{TConsumer}"/>.
    /// </remarks>
    public static TBuilder AddMessaging<TBuilder>(this TBuilder builder, Action<IBusRegistrationConfigurator>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<MassTransitHostOptions>().Configure(options =>
        {
            options.WaitUntilStarted = false;
            options.StopTimeout = TimeSpan.FromSeconds(4);
            options.ConsumerStopTimeout = TimeSpan.FromSeconds(2);
        });
        builder.Services.AddMassTransit(bus =>
        {
            // The library would tell its maker about its use; this product calls nobody of its own accord.
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = ResourceNames.Messaging;
                health.MinimalFailureStatus = HealthStatus.Degraded;
                health.Tags.Add("ready");
            });
            configure?.Invoke(bus);
            bus.UsingRabbitMq(ConfigureBus);
        });
        return builder;
    }

    private static void ConfigureBus(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator bus)
    {
        var configured = context.GetRequiredService<IConfiguration>().GetConnectionString(ResourceNames.Messaging)
            ?? throw new InvalidOperationException("ConnectionStrings:messaging is needed.");
        var broker = BrokerAddress.Parse(configured);
        bus.Host(broker.Address, context.GetRequiredService<ServiceInfo>().Name, host =>
        {
            host.Username(broker.Username);
            host.Password(broker.Password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.PublisherConfirmation = true;
        });
        bus.ConfigureJsonSerializerOptions(options =>
        {
            // The default encoder writes six bytes for a quotation mark and for each character outside ASCII.
            options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            return options;
        });
        foreach (var queue in context.GetServices<QueueConsumer>())
        {
            queue.Configure(context, bus);
        }
    }
}
