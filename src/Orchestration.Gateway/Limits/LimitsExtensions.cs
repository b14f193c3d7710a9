namespace Orchestration.Gateway.Limits;

internal static class LimitsExtensions
{
    /// <summary>Adds what holds requests to their limits.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LimitOptions, LimitOptionsValidator>().BindConfiguration(LimitOptions.SectionName);
        services.AddSingleton<LocalShare>();
        services.AddSingleton<RedisBreaker>();
        services.AddSingleton<RedisLimits>();
        services.AddSingleton<RunningBound>();
        services.AddSingleton<LimitGate>();
        services.AddSingleton<LimitQueue>();
        services.AddHostedService<LimitKeeper>();
        return services;
    }
}
