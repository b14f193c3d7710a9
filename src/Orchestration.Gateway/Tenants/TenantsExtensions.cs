namespace Orchestration.Gateway.Tenants;

internal static class TenantsExtensions
{
    /// <summary>Adds what operators keep of tenants, projects, keys and end users.</summary>
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddSingleton<TenantBook>();
        services.AddSingleton<ProjectBook>();
        services.AddSingleton<EndUserBook>();
        services.AddSingleton<KeyBook>();
        services.AddSingleton<OperatorBook>();
        services.AddHostedService<ExpiryWatch>();
        services.AddSingleton<ChangeFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFollower>());
    }
}
