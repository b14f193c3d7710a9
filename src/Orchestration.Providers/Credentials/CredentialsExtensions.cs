using Microsoft.Extensions.Options;
using Orchestration.Providers.Credentials.Admin;
using Orchestration.Providers.Credentials.Balances;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Credentials.Storage;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials;

internal static class CredentialsExtensions
{
    /// <summary>Adds the vendors' keys: how they are kept, pooled, changed and shown.</summary>
    public static void AddCredentials(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CredentialOptions, CredentialOptionsValidator>().BindConfiguration(CredentialOptions.SectionName);
        services.AddSingleton(provider => new MasterKeys(provider.GetRequiredService<IOptions<CredentialOptions>>().Value));
        services.AddSingleton<SecretEnvelope>();
        services.AddSingleton<CredentialEnvelope>();
        services.AddSingleton<KeyChanges>();
        services.AddSingleton<KeyPools>();
        services.AddSingleton<CredentialTelemetry>();
        services.AddSingleton<CredentialStore>();
        services.AddSingleton<StoredKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<StoredKeys>());
        services.AddHostedService<KeyChangeRelay>();
        services.AddSingleton<BalanceReader>();
        services.AddSingleton<BalancePoller>();
        services.AddHostedService(provider => provider.GetRequiredService<BalancePoller>());
        services.AddSingleton<CredentialAdmin>();
        services.AddSingleton<CredentialCheck>();
        services.AddSingleton<VendorListing>();
    }
}
