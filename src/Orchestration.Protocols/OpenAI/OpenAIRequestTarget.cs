namespace Orchestration.Protocols.OpenAI;

/// <summary>What a deployment's OpenAI-compatible endpoint wants; data of the vendor's profile.</summary>
public sealed record OpenAIRequestTarget
{
    /// <summary>Model name at the provider.</summary>
    public required string Model { get; init; }

    /// <summary>True asks for a stream.</summary>
    public required bool Stream { get; init; }

    /// <summary>True asks for a stream even so when the model reasons: some refuse to reason in a plain answer.</summary>
    public bool StreamWhenThinking { get; init; }

    /// <summary>"max_tokens" or "max_completion_tokens".</summary>
    public string MaxTokensField { get; init; } = "max_tokens";

    /// <summary>Output limit that is sent when the request has none; null sends none.</summary>
    public int? DefaultMaxOutputTokens { get; init; }

    /// <summary>Largest output limit that the model takes; a larger wish is clamped with a warning. Null means unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>True asks for the usage chunk on a stream.</summary>
    public bool IncludeUsage { get; init; } = true;

    /// <summary>True keeps the role "developer"; false encodes it as "system".</summary>
    public bool DeveloperRole { get; init; }

    /// <summary>True sends the name of a message's author; false drops it with a warning.</summary>
    public bool MessageNames { get; init; } = true;

    /// <summary>True for a text-only model: content that is nothing but text goes as one string.</summary>
    public bool FlatText { get; init; }

    /// <summary>True for a vendor that takes a picture's bytes as bare base64 instead of a data URI.</summary>
    public bool BareBase64Images { get; init; }

    /// <summary>True for a vendor that takes sound as a data URI in <c>audio_url</c> instead of <c>input_audio</c>.</summary>
    public bool AudioAsUrl { get; init; }

    /// <summary>Length that ids of tool calls must have, letters and digits only; 0 takes any.</summary>
    public int ToolCallIdLength { get; init; }

    /// <summary>Member that carries earlier reasoning on assistant turns; empty drops it with a warning.</summary>
    public string ReasoningField { get; init; } = "reasoning_content";

    /// <summary>Member that makes the model go on from a last message of the assistant; empty when there is none, and a client of another protocol is told.</summary>
    public string PrefillField { get; init; } = "";

    /// <summary>Stands for the missing reasoning of an assistant turn that called tools, for vendors that refuse a turn without; empty sends none.</summary>
    public string MissingReasoning { get; init; } = "";

    /// <summary>How reasoning is switched.</summary>
    public ThinkingSwitch Thinking { get; init; } = ThinkingSwitch.Unknown;

    /// <summary>The strictest answer format that the model knows: "json_schema", "json_object" or "text".</summary>
    public string ResponseFormat { get; init; } = "json_schema";

    /// <summary>True tells the model a schema that it cannot be held to in words.</summary>
    public bool SchemaInPrompt { get; init; }

    /// <summary>Member that carries the hashed end user; empty sends none.</summary>
    public string EndUserField { get; init; } = "user";

    /// <summary>Request members that the provider does not take, by OpenAI name ("seed", "logit_bias"…); dropped with a warning.</summary>
    public IReadOnlySet<string> UnsupportedMembers { get; init; } = new HashSet<string>();

    /// <summary>What becomes of single members; applied in order, after everything else.</summary>
    public IReadOnlyList<ParameterRule> Rules { get; init; } = [];
}
