namespace Orchestration.Client;

/// <summary>Names under which the facts of an answer stand in <c>AdditionalProperties</c>. A fact that was not told is absent.</summary>
public static class OrchestrationProperties
{
    /// <summary>Id of the request, a string: the key to its receipt.</summary>
    public const string RequestId = "orchestration.request_id";

    /// <summary>Provider that answered, a string.</summary>
    public const string Provider = "orchestration.provider";

    /// <summary>Catalogue id of the model that answered, a string.</summary>
    public const string Model = "orchestration.model";

    /// <summary>Route that was taken, a string.</summary>
    public const string Route = "orchestration.route";

    /// <summary>Whether no real provider is behind the answer, a <see cref="bool"/>.</summary>
    public const string Simulated = "orchestration.simulated";

    /// <summary>Every parameter that was dropped or changed, an array of sentences.</summary>
    public const string Warnings = "orchestration.warnings";

    /// <summary>What the request cost, all attempts together, an exact <see cref="decimal"/>.</summary>
    public const string Cost = "orchestration.cost";

    /// <summary>Currency of the cost, an ISO 4217 code.</summary>
    public const string Currency = "orchestration.currency";

    /// <summary>"exact", or "estimated" where a provider told no usage; "released" when none did any work.</summary>
    public const string Settlement = "orchestration.settlement";

    /// <summary>Number of attempts at providers, an <see cref="int"/>.</summary>
    public const string Attempts = "orchestration.attempts";

    /// <summary>Prompt tokens that were written to the provider's cache; stands in the additional counts of the usage.</summary>
    public const string CacheWriteTokens = "orchestration.cache_write_tokens";
}
