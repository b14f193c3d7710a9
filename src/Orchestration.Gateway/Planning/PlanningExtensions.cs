using Orchestration.Gateway.Planning.Explanation;
using Orchestration.Gateway.Planning.Scoring;

namespace Orchestration.Gateway.Planning;

internal static class PlanningExtensions
{
    public static IServiceCollection AddPlanning(this IServiceCollection services)
    {
        services.AddSingleton<ClassPicker>();
        services.AddSingleton<UsageStatistics>();
        services.AddSingleton<WarmPrompts>();
        services.AddSingleton<LiveStatistics>();
        services.AddSingleton<CandidateScorer>();
        services.AddSingleton<CandidateChooser>();
        services.AddSingleton<Planner>();
        services.AddSingleton<DecisionExplainer>();
        return services;
    }
}
