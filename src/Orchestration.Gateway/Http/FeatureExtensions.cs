using Microsoft.AspNetCore.Http.Features;

namespace Orchestration.Gateway.Http;

internal static class FeatureExtensions
{
    /// <summary>A feature that the pipeline sets before any endpoint runs.</summary>
    public static TFeature GetRequired<TFeature>(this IFeatureCollection features) where TFeature : class =>
        features.Get<TFeature>() ?? throw new InvalidOperationException($"{typeof(TFeature).Name} was not set on this request.");
}
