namespace Orchestration.Gateway.Caching;

internal static class CachingExtensions
{
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CacheOptions, CacheOptionsValidator>().BindConfiguration(CacheOptions.SectionName);
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<ExactCache>();
        services.AddSingleton<CachingPlanner>();
        return services;
    }
}
