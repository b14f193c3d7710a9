using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Audit;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Capture;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Collections;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Embeddings;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Feedback;
using Orchestration.Gateway.Grounding;
using Orchestration.Gateway.Grpc;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Idempotency;
using Orchestration.Gateway.Limits;
using Orchestration.Gateway.Messages;
using Orchestration.Gateway.Models;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.Redis;
using Orchestration.Gateway.Requests;
using Orchestration.Gateway.Rerank;
using Orchestration.Gateway.RouteTables;
using Orchestration.Gateway.Tenants;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Gateway;

internal static class GatewayExtensions
{
    /// <param name="builder">The host.</param>
    /// <param name="database">Name of the database; tests use one each.</param>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder, string database = ResourceNames.Gateway)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<GatewayOptions, GatewayOptionsValidator>().BindConfiguration(GatewayOptions.SectionName);
        services.AddOptions<KestrelServerOptions>()
            .Configure(RequestHeaderText.Check)
            .Configure<IOptions<GatewayOptions>>((kestrel, gateway) =>
                (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MaxResponseBufferSize) = (gateway.Value.MaxRequestBodyBytes, gateway.Value.MaxUnreadBytes));
        services.AddSingleton<GatewayTelemetry>();
        builder.AddMessaging();
        builder.AddOutbox();
        builder.AddGatewayDatabase(database);
        builder.AddGatewayRedis();
        services.AddPeers();
        services.AddAuthentication();
        services.AddRouteTable();
        services.AddExecution();
        services.AddAdmin();
        return builder;
    }

    private static void AddPeers(this IServiceCollection services)
    {
        services.AddInternalGrpcServer(InternalGrpcExtensions.LargeMessageBytes);
        services.AddInternalGrpcClient<RoutingService.RoutingServiceClient>(ResourceNames.Routing, InternalGrpcExtensions.LargeMessageBytes);
        services.AddInternalGrpcClient<ProvidersService.ProvidersServiceClient>(ResourceNames.Providers, InternalGrpcExtensions.LargeMessageBytes);
        services.AddInternalGrpcClient<VendorAdminService.VendorAdminServiceClient>(ResourceNames.Providers);
        services.AddInternalGrpcClient<PriceService.PriceServiceClient>(ResourceNames.Routing, InternalGrpcExtensions.LargeMessageBytes);
        services.AddInternalGrpcClient<PolicyService.PolicyServiceClient>(ResourceNames.Routing, InternalGrpcExtensions.LargeMessageBytes);
        services.AddInternalGrpcClient<LedgerService.LedgerServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<FeedbackService.FeedbackServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<RepricingService.RepricingServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<AlertService.AlertServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<ReconciliationService.ReconciliationServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<ReportService.ReportServiceClient>(ResourceNames.Metrics, InternalGrpcExtensions.LargeMessageBytes);
        services.AddInternalGrpcClient<QuarantineService.QuarantineServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<TraceService.TraceServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<BudgetService.BudgetServiceClient>(ResourceNames.Metrics);
        services.AddInternalGrpcClient<IndexingService.IndexingServiceClient>(ResourceNames.Indexing);
    }

    private static void AddAuthentication(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<KeyOptions, KeyOptionsValidator>().BindConfiguration(KeyOptions.SectionName);
        services.AddOptionsWithValidateOnStart<BootstrapOptions, BootstrapOptionsValidator>().BindConfiguration(BootstrapOptions.SectionName);
        services.AddSingleton<SecretHasher>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<EndUserDirectory>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddSingleton<ClientAuthenticator>();
    }

    private static void AddRouteTable(this IServiceCollection services)
    {
        services.AddSingleton<CurrentRouteTable>();
        services.AddSingleton<RouteTableFile>();
        services.AddHostedService<DirectoryWarmUp>();
        services.AddHostedService<RouteTableSubscription>();
        services.AddHostedService<RouteTableAcknowledgement>();
        services.AddHealthChecks().AddCheck<RouteTableHealthCheck>("route-table", tags: ["ready"]);
        services.AddPlanning();
    }

    private static void AddExecution(this IServiceCollection services)
    {
        services.AddIdempotency();
        services.AddCaching();
        services.AddCapture();
        services.AddBudgets();
        services.AddLimits();
        services.AddSingleton<Admission>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<RunningRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<RunningRequests>());
        services.AddSingleton<ChatEntry>();
        services.AddSingleton<ChatExecution>();
        services.AddSingleton<QuestionCondenser>().AddSingleton<Grounder>().AddSingleton<GroundedEntry>();
        services.AddSingleton<ChatEndpoint>();
        services.AddSingleton<CountTokensEndpoint>();
        services.AddSingleton<PlainExecution>();
        services.AddSingleton<EmbeddingsEntry>();
        services.AddSingleton<EmbeddingsExecution>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<RerankEntry>();
        services.AddSingleton<RerankExecution>();
        services.AddSingleton<RerankEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<RequestsEndpoint>();
        services.AddSingleton<FeedbackEndpoint>();
        services.AddSingleton<IngestionTokens>();
        services.AddSingleton<CollectionCalls>();
        services.AddSingleton<CollectionsEndpoint>();
        services.AddSingleton<DocumentsEndpoint>();
        services.AddClientGrpc();
    }

    private static void AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<OperatorSessions>();
        services.AddSingleton<OperatorAuthenticator>();
        services.AddTenants();
        services.AddAudit();
        services.AddSingleton<ForwardedCalls>();
        services.AddSingleton<StoreProbes>();
        services.AddSingleton<ServiceProbes>();
        ServiceProbes.Register(services);
        services.AddAdminGrpc();
    }
}
