using Orchestration.Metrics.Reconciliation;
using Orchestration.Metrics.Reconciliation.Invoices;

namespace Orchestration.Metrics.Recovery;

internal static class RecoveryExtensions
{
    public static IServiceCollection AddRecovery(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RecoveryOptions, RecoveryOptionsValidator>().BindConfiguration(RecoveryOptions.SectionName);
        services.AddSingleton<OpenWork>();
        return services.AddHostedService<Sweeper>();
    }

    public static IServiceCollection AddReconciliation(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ReconciliationOptions, ReconciliationOptionsValidator>()
            .BindConfiguration(ReconciliationOptions.SectionName);
        services.AddSingleton<OutboxGaps>().AddSingleton<LedgerComparison>().AddSingleton<RollupRepair>().AddSingleton<ReconciliationRuns>();
        services.AddSingleton<RecordedSpend>().AddSingleton<ProviderInvoices>().AddSingleton<NightlyReconciliation>();
        return services.AddHostedService(provider => provider.GetRequiredService<NightlyReconciliation>());
    }
}
