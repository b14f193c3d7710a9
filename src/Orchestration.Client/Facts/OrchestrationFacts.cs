using System.Globalization;
using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client;

/// <summary>What the gateway tells of an answer beside the answer. The same stands in <c>AdditionalProperties</c>, under the names of <see cref="OrchestrationProperties"/>.</summary>
public sealed record OrchestrationFacts
{
    /// <summary>Id of the request, the key to its receipt; null when it was not told.</summary>
    public string? RequestId { get; init; }

    /// <summary>Provider that answered; null when none did.</summary>
    public string? Provider { get; init; }

    /// <summary>Catalogue id of the model that answered; null when none did.</summary>
    public string? Model { get; init; }

    /// <summary>Route that was taken; null when it was not told.</summary>
    public string? Route { get; init; }

    /// <summary>True when no real provider is behind the answer; its cost is then a list price that nobody pays.</summary>
    public bool Simulated { get; init; }

    /// <summary>Every parameter that was dropped or changed, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What the request cost, all its attempts together; exact. Null when it was not told.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Currency of the cost, an ISO 4217 code; null when there is no cost.</summary>
    public string? Currency { get; init; }

    /// <summary>"exact", or "estimated" where a provider told no usage; "released" when none did any work. Null when it was not told.</summary>
    public string? Settlement { get; init; }

    /// <summary>Number of attempts at providers; null when it was not told.</summary>
    public int? Attempts { get; init; }

    /// <summary>Facts of what the gateway answered in its own contract.</summary>
    /// <param name="requestId">Id of the request.</param>
    /// <param name="response">Who answered; null when nobody did.</param>
    /// <param name="summary">Attempts and cost; null when they were not told.</param>
    /// <returns>The facts.</returns>
    public static OrchestrationFacts Of(string? requestId, ResponseStarted? response, Summary? summary) => new()
    {
        RequestId = Told(requestId),
        Provider = Told(response?.Provider),
        Model = Told(response?.Model),
        Route = Told(response?.Route),
        Simulated = response?.Simulated ?? false,
        Warnings = [.. (response?.Warnings ?? []).Select(warning => warning.Message)],
        Cost = decimal.TryParse(summary?.Cost?.Amount, NumberStyles.Float, CultureInfo.InvariantCulture, out var cost) ? cost : null,
        Currency = Told(summary?.Cost?.Currency),
        Settlement = summary?.Settlement switch
        {
            Contracts.Chat.V1.Settlement.Exact => "exact",
            Contracts.Chat.V1.Settlement.Estimated => "estimated",
            Contracts.Chat.V1.Settlement.Released => "released",
            Contracts.Chat.V1.Settlement.Recovered => "recovered",
            _ => null,
        },
        Attempts = summary?.Attempts.Count,
    };

    /// <summary>Reads the facts of an answer of Microsoft.Extensions.AI.</summary>
    /// <param name="properties">Properties of a response, a message, an update or a set of embeddings.</param>
    /// <returns>The facts, or null when there are none.</returns>
    public static OrchestrationFacts? From(AdditionalPropertiesDictionary? properties) =>
        properties is null || !properties.Keys.Any(name => name.StartsWith("orchestration.", StringComparison.OrdinalIgnoreCase)) ? null : new OrchestrationFacts
        {
            RequestId = Find<string>(properties, OrchestrationProperties.RequestId),
            Provider = Find<string>(properties, OrchestrationProperties.Provider),
            Model = Find<string>(properties, OrchestrationProperties.Model),
            Route = Find<string>(properties, OrchestrationProperties.Route),
            Simulated = Find<bool?>(properties, OrchestrationProperties.Simulated) ?? false,
            Warnings = Find<string[]>(properties, OrchestrationProperties.Warnings) ?? [],
            Cost = Find<decimal?>(properties, OrchestrationProperties.Cost),
            Currency = Find<string>(properties, OrchestrationProperties.Currency),
            Settlement = Find<string>(properties, OrchestrationProperties.Settlement),
            Attempts = Find<int?>(properties, OrchestrationProperties.Attempts),
        };

    internal AdditionalPropertiesDictionary ToProperties()
    {
        var properties = new AdditionalPropertiesDictionary();
        Add(OrchestrationProperties.RequestId, RequestId);
        Add(OrchestrationProperties.Provider, Provider);
        Add(OrchestrationProperties.Model, Model);
        Add(OrchestrationProperties.Route, Route);
        Add(OrchestrationProperties.Simulated, Provider is null ? null : Simulated);
        Add(OrchestrationProperties.Warnings, Warnings.Count > 0 ? Warnings.ToArray() : null);
        Add(OrchestrationProperties.Cost, Cost);
        Add(OrchestrationProperties.Currency, Currency);
        Add(OrchestrationProperties.Settlement, Settlement);
        Add(OrchestrationProperties.Attempts, Attempts);
        return properties;

        void Add(string name, object? value)
        {
            if (value is not null)
                properties[name] = value;
        }
    }

    private static string? Told(string? text) => string.IsNullOrEmpty(text) ? null : text;

    // A value that went through somebody's serializer has another type by now, and is not told.
    private static T? Find<T>(AdditionalPropertiesDictionary properties, string name) => properties.TryGetValue(name, out var value) && value is T found ? found : default;
}
