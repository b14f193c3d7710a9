using Orchestration.Gateway.Idempotency.Calls;

namespace Orchestration.Gateway.Idempotency;

internal static class IdempotencyExtensions
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<IdempotencyOptions, IdempotencyOptionsValidator>().BindConfiguration(IdempotencyOptions.SectionName);
        services.AddSingleton<AnswerSeal>();
        services.AddSingleton<Claims>();
        services.AddSingleton<RunningAnswers>();
        services.AddSingleton<ClaimSettlement>();
        services.AddSingleton<AnswerStream>();
        services.AddSingleton<AnswerFollower>();
        services.AddSingleton<KeyedRuns>();
        services.AddSingleton<IdempotentCalls>();
        services.AddHostedService<ClaimKeeper>();
        return services;
    }

    /// <summary>Heeds <c>Idempotency-Key</c> on what is posted to these endpoints.</summary>
    public static TBuilder AllowIdempotencyKeys<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(IdempotencyAllowed.Instance);
}
