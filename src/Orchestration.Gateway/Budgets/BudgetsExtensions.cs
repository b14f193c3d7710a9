namespace Orchestration.Gateway.Budgets;

internal static class BudgetsExtensions
{
    /// <summary>Adds what holds requests to budgets. Before whatever ends running requests, so that leases are given up after it.</summary>
    public static IServiceCollection AddBudgets(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<BudgetOptions, BudgetOptionsValidator>().BindConfiguration(BudgetOptions.SectionName);
        services.AddSingleton<LeaseBook>();
        services.AddSingleton<LeaseDemands>();
        services.AddSingleton<LeaseClient>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaseClient>());
        services.AddSingleton<BudgetGate>();
        services.AddSingleton<BudgetedPlanner>();
        return services;
    }
}
