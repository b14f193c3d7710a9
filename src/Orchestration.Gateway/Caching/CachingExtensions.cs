using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Caching;

internal static class CachingExtensions
{
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CacheOptions, CacheOptionsValidator>().BindConfiguration(CacheOptions.SectionName);
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<ExactCache>();
        services.AddSingleton<AnswerCaches>();
        services.AddSingleton<CachingPlanner>();
        services.AddSemanticCache();
        return services;
    }
}
