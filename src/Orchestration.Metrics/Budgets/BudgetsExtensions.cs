using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Budgets.Steering;

namespace Orchestration.Metrics.Budgets;

internal static class BudgetsExtensions
{
    public static IServiceCollection AddBudgets(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<BudgetOptions, BudgetOptionsValidator>().BindConfiguration(BudgetOptions.SectionName);
        services.AddSingleton<BudgetSignals>();
        services.AddHostedService(provider => provider.GetRequiredService<BudgetSignals>());
        services.AddSingleton<LeaseGranting>().AddSingleton<LeaseKeeping>().AddSingleton<DemandLines>().AddSingleton<Recalls>().AddSingleton<LeaseDemands>().AddSingleton<LeaseSweep>();
        services.AddSingleton<BudgetStore>().AddSingleton<BudgetBooking>().AddSingleton<ThresholdNews>();
        return services.AddHostedService<BudgetUpkeep>();
    }
}
