using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>What the gateway tells about an answer in the <c>orchestration</c> object. Empty and null members are left out.</summary>
public sealed record OrchestrationFacts
{
    /// <summary>UUIDv7 in "D" form.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>Provider that answered.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Catalogue id of the model that answered.</summary>
    public string Model { get; init; } = "";

    /// <summary>Route that was taken.</summary>
    public string Route { get; init; } = "";

    /// <summary>"miss", "exact", "semantic" or empty.</summary>
    public string Cache { get; init; } = "";

    /// <summary>Parameters that were dropped or changed.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>Version of the policy that decided.</summary>
    public string PolicyVersion { get; init; } = "";

    /// <summary>Number of attempts that were made.</summary>
    public int Attempts { get; init; }

    /// <summary>What the request cost.</summary>
    public Money? Cost { get; init; }

    /// <summary>"exact" when every attempt's usage was reported by its provider, "estimated" when one was counted here; empty when unknown.</summary>
    public string Settlement { get; init; } = "";

    /// <summary>Time that the gateway itself took.</summary>
    public double? OverheadMs { get; init; }

    /// <summary>True when no real provider is behind the answer.</summary>
    public bool Simulated { get; init; }

    /// <summary>What the answer rests on; null where no grounding was asked for.</summary>
    public Grounded? Grounded { get; init; }

    /// <summary>The same with what is known at the commit point.</summary>
    internal OrchestrationFacts With(ResponseStarted response) => this with
    {
        Provider = response.Provider,
        Model = response.Model,
        Route = response.Route,
        Warnings = [.. Warnings, .. response.Warnings],
        Simulated = response.Simulated,
    };

    /// <summary>The same with what is known when everything is settled.</summary>
    internal OrchestrationFacts With(Summary summary) => this with { Attempts = summary.Attempts.Count, Cost = summary.Cost };
}
