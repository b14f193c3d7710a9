using Orchestration.Providers.Chat;
using Orchestration.Providers.Credentials;
using Orchestration.Providers.Data;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Egress;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Health;
using Orchestration.Providers.Profiles;
using Orchestration.Providers.Verification;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Data;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Hosting;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Providers;

internal static class ProvidersExtensions
{
    /// <param name="builder">The host.</param>
    /// <param name="database">Name of the database; tests use one each.</param>
    public static WebApplicationBuilder AddProviders(this WebApplicationBuilder builder, string database = ResourceNames.Providers)
    {
        builder.AddMessaging(bus => bus.AddBroadcastConsumer<HealthNewsConsumer>());
        builder.AddOutbox();
        // Requests are executed from plans alone, so the service stays ready without its database.
        builder.AddServiceDatabase<WebApplicationBuilder, ProvidersDbContext>(database, optional: true);
        builder.Services.AddInternalGrpcServer(InternalGrpcExtensions.LargeMessageBytes);

        builder.Services.AddSingleton(VendorProfiles.Load(Path.Combine(AppContext.BaseDirectory, "Profiles")));
        builder.Services.AddCredentials();
        builder.Services.AddSingleton<ProvidersTelemetry>();
        builder.Services.AddUpstream();
        builder.Services.AddExecution();
        return builder;
    }

    public static WebApplication MapProviders(this WebApplication app)
    {
        app.MapGrpcService<ProvidersService>().RequireListener("grpc");
        app.MapGrpcService<VendorAdminService>().RequireListener("grpc");
        return app;
    }

    private static void AddUpstream(this IServiceCollection services)
    {
        UpstreamClients.Register(services);
        services.AddSingleton<VendorCalls>();
        services.AddSingleton<IChatDialect, OpenAIDialect>();
        services.AddSingleton<IChatDialect, AnthropicDialect>();
        services.AddSingleton<IChatDialect, GeminiDialect>();
        services.AddSingleton<IChatDialect, OllamaDialect>();
        services.AddSingleton<IChatDialect, ResponsesDialect>();
        services.AddSingleton<ChatDialects>();
        services.AddSingleton<VendorVerification>();
        services.AddSingleton<UpstreamTransport>();
    }

    private static void AddExecution(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ExecutionOptions, ExecutionOptionsValidator>().BindConfiguration(ExecutionOptions.SectionName);
        services.AddSingleton<HealthFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<HealthFeed>());
        services.AddOptionsWithValidateOnStart<BreakerOptions, BreakerOptionsValidator>().BindConfiguration(BreakerOptions.SectionName);
        services.AddSingleton<DeploymentCooldowns>();
        services.AddSingleton<DeploymentStates>();
        services.AddSingleton<HedgeSpend>();
        services.AddSingleton<TokenLearning>();
        services.AddSingleton<RetryBudget>();
        services.AddSingleton<CandidatePreparation>();
        services.AddSingleton<CandidateChains>();
        services.AddSingleton<AttemptLedger>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<ExecutionRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<ExecutionRegistry>());
        services.AddSingleton<ChatExecutionParts>();
        services.AddSingleton<PlainExecution>();
    }
}
