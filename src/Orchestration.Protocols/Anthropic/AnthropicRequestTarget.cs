namespace Orchestration.Protocols.Anthropic;

/// <summary>What a deployment's Messages endpoint wants.</summary>
public sealed record AnthropicRequestTarget
{
    /// <summary>Model name at the provider.</summary>
    public required string Model { get; init; }

    /// <summary>True asks for a stream.</summary>
    public required bool Stream { get; init; }

    /// <summary>"provider/model" whose signatures are sent back; empty sends only those without an origin.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Output limit that is sent when the request has none; null sends the model's own.</summary>
    public int? DefaultMaxOutputTokens { get; init; }

    /// <summary>Largest output limit that the model takes; a larger wish is clamped with a warning. Null means unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What the model takes.</summary>
    public AnthropicModelRules Rules { get; init; } = new();
}
