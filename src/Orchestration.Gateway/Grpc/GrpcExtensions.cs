using Grpc.AspNetCore.Server;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Admin.Reference;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Embeddings;
using Orchestration.Gateway.Idempotency.Calls;
using Orchestration.Gateway.Models;
using Orchestration.Gateway.Requests;
using Orchestration.Gateway.Rerank;
using Orchestration.ServiceDefaults.Hosting;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Gateway.Grpc;

internal static class GrpcExtensions
{
    /// <summary>The services of clients and of the other services of the system.</summary>
    public static void AddClientGrpc(this IServiceCollection services)
    {
        services.AddSingleton<ClientCallInterceptor>();
        // An unknown service would otherwise be answered on every listener.
        services.AddGrpc(options => options.IgnoreUnknownServices = true)
            .AddServiceOptions<ChatGrpcService>(RunOnce)
            .AddServiceOptions<EmbeddingsGrpcService>(RunOnce)
            .AddServiceOptions<RerankGrpcService>(RunOnce)
            .AddServiceOptions<ModelsGrpcService>(options => options.Interceptors.Add<ClientCallInterceptor>())
            .AddServiceOptions<RequestsGrpcService>(options => options.Interceptors.Add<ClientCallInterceptor>());
    }

    // Keys belong to tenants: who calls must be known first.
    private static void RunOnce<TService>(GrpcServiceOptions<TService> options) where TService : class
    {
        options.Interceptors.Add<ClientCallInterceptor>();
        options.Interceptors.Add<IdempotentCalls>();
    }

    /// <summary>The services of operators, as gRPC-Web and as REST.</summary>
    public static void AddAdminGrpc(this IServiceCollection services)
    {
        services.AddSingleton<OperatorCallInterceptor>();
        services.AddSingleton<ContractTexts>();
        services.AddSingleton<ApiReference>();
        services.AddSingleton<ApiReferenceEndpoint>();
        services.AddGrpc()
            .AddJsonTranscoding()
            .AddServiceOptions<RequestAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<BudgetAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<TraceAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<RoutingAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<PolicyAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<PriceAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<RepricingAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<ReconciliationAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<ReportAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<QuarantineAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<ProviderAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<AlertAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<TenantAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<KeyAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<CacheAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<PayloadAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<OperatorAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<AuditAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>())
            .AddServiceOptions<SystemAdmin>(options => options.Interceptors.Add<OperatorCallInterceptor>());
    }

    public static void MapClientGrpc(this WebApplication app)
    {
        app.MapGrpcService<ChatGrpcService>().ForClients().RequireScope(KeyScopes.Chat);
        app.MapGrpcService<EmbeddingsGrpcService>().ForClients().RequireScope(KeyScopes.Embeddings);
        app.MapGrpcService<RerankGrpcService>().ForClients().RequireScope(KeyScopes.Rerank);
        app.MapGrpcService<ModelsGrpcService>().ForClients().AllowEveryScope();
        app.MapGrpcService<RequestsGrpcService>().ForClients().AllowEveryScope();
    }

    public static void MapAdminGrpc(this WebApplication app)
    {
        app.MapGrpcService<SessionAdminService>().ForOperators();
        app.MapGrpcService<RequestAdmin>().ForOperators();
        app.MapGrpcService<BudgetAdmin>().ForOperators();
        app.MapGrpcService<TraceAdmin>().ForOperators();
        app.MapGrpcService<RoutingAdmin>().ForOperators();
        app.MapGrpcService<PolicyAdmin>().ForOperators();
        app.MapGrpcService<PriceAdmin>().ForOperators();
        app.MapGrpcService<RepricingAdmin>().ForOperators();
        app.MapGrpcService<ReconciliationAdmin>().ForOperators();
        app.MapGrpcService<ReportAdmin>().ForOperators();
        app.MapGrpcService<QuarantineAdmin>().ForOperators();
        app.MapGrpcService<ProviderAdmin>().ForOperators();
        app.MapGrpcService<AlertAdmin>().ForOperators();
        app.MapGrpcService<TenantAdmin>().ForOperators();
        app.MapGrpcService<KeyAdmin>().ForOperators();
        app.MapGrpcService<CacheAdmin>().ForOperators();
        app.MapGrpcService<PayloadAdmin>().ForOperators();
        app.MapGrpcService<OperatorAdmin>().ForOperators();
        app.MapGrpcService<AuditAdmin>().ForOperators();
        app.MapGrpcService<SystemAdmin>().ForOperators();
        app.MapGet("/admin/v1/openapi.json", app.Services.GetRequiredService<ApiReferenceEndpoint>().GetAsync).RequireListener(ListenerNames.Admin);
    }

    private static GrpcServiceEndpointConventionBuilder ForClients(this GrpcServiceEndpointConventionBuilder endpoints) => endpoints
        .RequireListener(ListenerNames.Grpc)
        .WithMetadata(new AllowAnonymousCallerAttribute());

    private static void ForOperators(this GrpcServiceEndpointConventionBuilder endpoints) => endpoints
        .EnableGrpcWeb()
        .RequireListener(ListenerNames.Admin)
        .WithMetadata(new AllowAnonymousCallerAttribute());
}
