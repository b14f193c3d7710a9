using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Registration of the outbox.</summary>
public static class OutboxExtensions
{
    /// <summary>Adds <see cref="Outbox"/> and the relay that publishes it; needs <c>AddMessaging</c>.</summary>
    public static TBuilder AddOutbox<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptionsWithValidateOnStart<OutboxOptions, OutboxOptionsValidator>()
            .BindConfiguration(OutboxOptions.SectionName);
        builder.Services.AddSingleton(provider => new Outbox(
            provider.GetRequiredService<IOptions<OutboxOptions>>().Value,
            provider.GetRequiredService<ServiceInfo>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Outbox>>()));
        builder.Services.AddSingleton<OutboxTelemetry>();
        builder.Services.AddSingleton<BrokerAlarm>();
        builder.Services.AddSingleton<LedgerPublisher>();
        builder.Services.AddSingleton<SlotDelivery>();
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddHostedService<SlotAdoption>();
        builder.Services.AddHealthChecks().AddCheck<OutboxHealthCheck>("outbox", tags: ["ready"]);
        return builder;
    }
}
