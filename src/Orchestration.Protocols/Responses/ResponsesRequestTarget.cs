using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>What a deployment's Responses endpoint wants; data of the vendor's profile.</summary>
public sealed record ResponsesRequestTarget
{
    /// <summary>Model name at the provider.</summary>
    public required string Model { get; init; }

    /// <summary>True asks for a stream.</summary>
    public required bool Stream { get; init; }

    /// <summary>"provider/model" of the deployment: reasoning that another origin encrypted is not sent.</summary>
    public required string Origin { get; init; }

    /// <summary>Output limit that is sent when the request has none; null sends none.</summary>
    public int? DefaultMaxOutputTokens { get; init; }

    /// <summary>Largest output limit that the model takes; a larger wish is clamped with a warning. Null means unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>True keeps the role "developer"; false encodes it as "system".</summary>
    public bool DeveloperRole { get; init; } = true;

    /// <summary>How reasoning is switched; only its efforts can be said in this protocol.</summary>
    public ThinkingSwitch Thinking { get; init; } = ThinkingSwitch.Unknown;

    /// <summary>Member that carries the hashed end user; empty sends none.</summary>
    public string EndUserField { get; init; } = "safety_identifier";

    /// <summary>Request members that the provider does not take, by OpenAI name; dropped with a warning.</summary>
    public IReadOnlySet<string> UnsupportedMembers { get; init; } = new HashSet<string>();

    /// <summary>What becomes of single sampling members; rules for members that this protocol does not have do nothing.</summary>
    public IReadOnlyList<ParameterRule> Rules { get; init; } = [];
}
