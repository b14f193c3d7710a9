using MassTransit;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Metrics.Alerts.Raising;
using Orchestration.Metrics.Alerts.Sending;
using Orchestration.Metrics.Alerts.Sources;
using Orchestration.Metrics.Alerts.Steering;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Egress;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Metrics.Alerts;

internal static class AlertsExtensions
{
    /// <summary>Adds what finds, keeps and sends alerts.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AlertOptions, AlertOptionsValidator>().BindConfiguration(AlertOptions.SectionName);
        services.AddSingleton<AlertTelemetry>();
        services.AddSingleton<AlertRules>();
        services.AddSingleton<AlertBook>();
        services.AddSingleton<AlertUpkeep>();
        return services.AddSources().AddSending().AddSteering();
    }

    /// <summary>Adds the consumer of what other services tell.</summary>
    public static void AddAlertNews(this IBusRegistrationConfigurator bus) => bus.AddQueueConsumer<AlertNewsConsumer>(AlertNewsConsumer.Queue);

    private static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.AddInternalGrpcClient<RoutingService.RoutingServiceClient>(ResourceNames.Routing, InternalGrpcExtensions.LargeMessageBytes);
        services.AddSingleton<Catalogue>();
        services.AddSingleton<LedgerQueue>();
        services.AddSingleton<IAlertSource, ErrorRates>();
        services.AddSingleton<IAlertSource, LedgerBacklog>();
        services.AddSingleton<IAlertSource, UnknownPrices>();
        services.AddSingleton<IAlertSource, RetiringModels>();
        services.AddSingleton<IAlertSource, QuarantineAlerts>();
        services.AddSingleton<IAlertSource, UnreadableMessages>();
        services.AddSingleton<IAlertSource, ReconciliationAlerts>();
        services.AddSingleton<AlertEvaluation>();
        return services.AddHostedService(provider => provider.GetRequiredService<AlertEvaluation>());
    }

    private static IServiceCollection AddSending(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SmtpOptions, SmtpOptionsValidator>().BindConfiguration(SmtpOptions.SectionName);
        services.AddSingleton(provider => new MasterKeys(provider.GetRequiredService<IOptions<AlertOptions>>().Value));
        services.AddSingleton<SecretEnvelope>();
        services.AddGuardedHttpClient(ChannelCalls.Client);
        services.AddSingleton<ChannelCalls>();
        services.AddSingleton<IChannelSender, WebhookSender>();
        services.AddSingleton<IChannelSender, EmailSender>();
        services.AddSingleton<IChannelSender, FeishuSender>();
        services.AddSingleton<IChannelSender, DingTalkSender>();
        services.AddSingleton<IChannelSender, WeComSender>();
        services.AddSingleton<ChannelSenders>();
        services.AddSingleton<AlertDispatcher>();
        return services.AddHostedService(provider => provider.GetRequiredService<AlertDispatcher>());
    }

    private static IServiceCollection AddSteering(this IServiceCollection services) => services
        .AddSingleton<ChannelChecks>()
        .AddSingleton<AlertChannels>()
        .AddSingleton<RuleChanges>()
        .AddSingleton<AlertList>();
}
