using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.ServiceDefaults.Identity;

internal static class ServiceIdentityExtensions
{
    /// <summary>Registers tokens; the signing key is demanded at start only of services that speak to others.</summary>
    public static IServiceCollection AddServiceIdentity(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => ServiceInfo.From(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>()));
        services.AddOptions<ServiceIdentityOptions>().BindConfiguration(ServiceIdentityOptions.SectionName);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ServiceIdentityOptions>, ServiceIdentityOptionsValidator>());
        services.TryAddSingleton<ServiceTokens>();
        services.TryAddSingleton<InternalCalls>();
        return services;
    }

    public static IServiceCollection RequireServiceIdentity(this IServiceCollection services)
    {
        services.AddServiceIdentity();
        services.AddOptions<ServiceIdentityOptions>().ValidateOnStart();
        return services;
    }
}
