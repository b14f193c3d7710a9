using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Planning;

/// <summary>Everything that planning looks at; measured once.</summary>
internal sealed record PlanningRequest
{
    public required Caller Caller { get; init; }

    /// <summary>Name that was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>"chat", "embedding" or "rerank".</summary>
    public required string Mode { get; init; }

    public required TextSize Size { get; init; }

    /// <summary>The largest piece that has to fit a context window; null when that is the whole, as in chat.</summary>
    public TextSize? LargestInput { get; init; }

    /// <summary>Most search units that a model may bill for the request.</summary>
    public Func<string, long> MostSearchUnits { get; init; } = static _ => 0;

    public required RequestNeeds Needs { get; init; }

    /// <summary>Output tokens asked for; null when the request names none.</summary>
    public int? MaxOutput { get; init; }

    /// <summary>Number of answers asked for.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The caller's wishes; null when there are none.</summary>
    public RoutingHints? Hints { get; init; }

    /// <summary>What it has in common with others of its tenant.</summary>
    public RequestKeys Keys { get; init; }

    /// <summary>Warnings found while the request was read.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>The request as the cache looks at it; null when it is not to be asked.</summary>
    public CacheQuestion? Cache { get; init; }

    /// <summary>Shape of the prompt for the classifier.</summary>
    public PromptFeatures Features { get; init; } = new();

    /// <summary>The end of the last user text; asked for only when a class has to be found.</summary>
    public Func<string> LastUserText { get; init; } = static () => "";
}
