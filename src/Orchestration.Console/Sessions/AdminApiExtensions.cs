using System.Net;
using Grpc.Core;
using Grpc.Net.Client.Web;
using Orchestration.Console.Collections;
using Orchestration.Contracts.Admin.V1;
using Orchestration.ServiceDefaults;

namespace Orchestration.Console.Sessions;

/// <summary>Clients of the admin API, the console's only way to anything: gRPC-Web on the gateway's admin listener.</summary>
internal static class AdminApiExtensions
{
    public static IServiceCollection AddAdminApi(this IServiceCollection services)
    {
        services.AddAdminClient<SessionService.SessionServiceClient>();
        services.AddAdminClient<SystemService.SystemServiceClient>();
        services.AddAdminClient<RequestAdminService.RequestAdminServiceClient>();
        services.AddAdminClient<TraceAdminService.TraceAdminServiceClient>();
        services.AddAdminClient<ProviderAdminService.ProviderAdminServiceClient>();
        services.AddAdminClient<OperatorAdminService.OperatorAdminServiceClient>();
        services.AddAdminClient<TenantAdminService.TenantAdminServiceClient>();
        services.AddAdminClient<KeyAdminService.KeyAdminServiceClient>();
        services.AddAdminClient<BudgetAdminService.BudgetAdminServiceClient>();
        services.AddAdminClient<ReportAdminService.ReportAdminServiceClient>();
        services.AddAdminClient<PolicyAdminService.PolicyAdminServiceClient>();
        services.AddAdminClient<RoutingAdminService.RoutingAdminServiceClient>();
        services.AddAdminClient<QuarantineAdminService.QuarantineAdminServiceClient>();
        services.AddAdminClient<AlertAdminService.AlertAdminServiceClient>();
        services.AddAdminClient<AuditAdminService.AuditAdminServiceClient>();
        services.AddAdminClient<PayloadAdminService.PayloadAdminServiceClient>();
        services.AddAdminClient<PriceAdminService.PriceAdminServiceClient>();
        services.AddAdminClient<RepricingAdminService.RepricingAdminServiceClient>();
        // The public endpoint, for the playground alone: with a client's key, as any client.
#pragma warning disable RS0030 // To our own gateway only.
        services
            .AddGrpcClient<Contracts.Gateway.V1.ChatService.ChatServiceClient>((provider, client) => client.Address = Address(provider.GetRequiredService<IConfiguration>(), "grpc"))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false });
        services.AddHttpClient<CollectionApi>(CollectionApi.Configure).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false });
#pragma warning restore RS0030
        services.AddScoped<AdminSession>();
        services.AddScoped<AdminActions>();
        return services;
    }

    private static void AddAdminClient<TClient>(this IServiceCollection services) where TClient : ClientBase =>
        services
            .AddGrpcClient<TClient>((provider, client) => client.Address = Address(provider.GetRequiredService<IConfiguration>(), "admin"))
            // The admin listener speaks HTTP/1.1 only; without this the client opens with HTTP/2 and is turned away.
            .ConfigureChannel(channel => channel.HttpVersion = HttpVersion.Version11)
#pragma warning disable RS0030 // To our own gateway only.
            .ConfigurePrimaryHttpMessageHandler(() => new GrpcWebHandler(GrpcWebMode.GrpcWeb, new SocketsHttpHandler { UseProxy = false }));
#pragma warning restore RS0030

    private static Uri Address(IConfiguration configuration, string endpoint)
    {
        var key = $"services:{ResourceNames.Gateway}:{endpoint}:0";
        return configuration[key] is { Length: > 0 } address
            ? new Uri(address)
            : throw new InvalidOperationException($"An address of the gateway is not configured ({key}).");
    }
}
