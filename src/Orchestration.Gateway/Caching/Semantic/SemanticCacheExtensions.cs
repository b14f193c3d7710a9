namespace Orchestration.Gateway.Caching.Semantic;

internal static class SemanticCacheExtensions
{
    public static IServiceCollection AddSemanticCache(this IServiceCollection services)
    {
        services.AddSingleton<SemanticStore>();
        services.AddSingleton<EvidenceBook>();
        services.AddSingleton<LookupEmbedder>();
        services.AddSingleton<SemanticCache>();
        services.AddSingleton<SemanticBook>();
        services.AddHostedService<SemanticSweep>();
        return services;
    }
}
