using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Routing.Data;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Prices;
using Orchestration.Routing.Serving;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Data;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.Routing;

internal static class RoutingExtensions
{
    public static WebApplicationBuilder AddRouting(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<RoutingOptions, RoutingOptionsValidator>().BindConfiguration(RoutingOptions.SectionName);
        builder.AddServiceDatabase<WebApplicationBuilder, RoutingDbContext>(
            ResourceNames.Routing,
            configureContext: npgsql => ShippedData.SeedOnMigrate(npgsql, builder.Configuration[$"{RoutingOptions.SectionName}:PolicyFile"] ?? "", TimeProvider.System),
            optional: true);
        builder.Services.AddInternalGrpcServer();
        builder.Services.AddInternalGrpcClient<ProvidersService.ProvidersServiceClient>(ResourceNames.Providers);
        builder.AddMessaging(bus => bus.AddBroadcastConsumer<DeploymentHealthChangedConsumer>());
        builder.Services.AddServing();
        return builder;
    }

    public static WebApplication MapRouting(this WebApplication app)
    {
        app.MapGrpcService<RoutingService>();
        app.MapGrpcService<PriceGrpcService>();
        app.MapGrpcService<PolicyGrpcService>();
        return app;
    }

    private static void AddServing(this IServiceCollection services)
    {
        services.AddSingleton<RoutingStore>().AddSingleton<SnapshotFile>().AddSingleton<StateSource>();
        services.AddSingleton<VendorView>().AddSingleton<HealthView>().AddSingleton<RouteTablePublisher>().AddSingleton<RouteTableStream>();
        services.AddSingleton<RoutingTelemetry>();
        services.AddSingleton<PolicyBook>().AddSingleton<PolicyListing>().AddSingleton<PolicyNodes>();
        services.AddSingleton<PriceBook>().AddSingleton<PriceListing>();
        services.AddHostedService<VendorWatcher>();
        services.AddSingleton<RoutingLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<RoutingLoop>());
        services.AddHealthChecks().AddCheck<RouteTableHealthCheck>("route-table", HealthStatus.Unhealthy, ["ready"]);
    }
}
