using Microsoft.Extensions.AI;

namespace Orchestration.Client;

/// <summary>Attaches an <see cref="OrchestrationCall"/> to requests of Microsoft.Extensions.AI.</summary>
public static class OrchestrationCallExtensions
{
    private const string Property = "orchestration.call";

    /// <summary>Sets end user, session, tags, timeout or idempotency key of the requests that are made with these options.</summary>
    /// <param name="options">The options; changed and returned.</param>
    /// <param name="call">What the requests say of themselves.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions With(this ChatOptions options, OrchestrationCall call)
    {
        (options.AdditionalProperties ??= [])[Property] = call;
        return options;
    }

    /// <summary>Sets end user, session, tags, timeout or idempotency key of the requests that are made with these options.</summary>
    /// <param name="options">The options; changed and returned.</param>
    /// <param name="call">What the requests say of themselves.</param>
    /// <returns>The same options.</returns>
    public static EmbeddingGenerationOptions With(this EmbeddingGenerationOptions options, OrchestrationCall call)
    {
        (options.AdditionalProperties ??= [])[Property] = call;
        return options;
    }

    internal static OrchestrationCall? FindCall(this AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(Property, out var call) ? call as OrchestrationCall : null;
}
