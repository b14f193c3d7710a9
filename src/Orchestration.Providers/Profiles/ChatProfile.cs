using System.IO.Enumeration;
using System.Text.Json.Serialization;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Providers.Profiles;

/// <summary>Deviations of a vendor's chat completions from OpenAI's. Each member can be different for single models; see <see cref="Models"/>.</summary>
internal sealed record ChatProfile
{
    /// <summary>What is appended to the base address; <c>{model}</c> stands for the model's name at the vendor.</summary>
    public string Path { get; init; } = "chat/completions";

    /// <summary>"max_tokens" or "max_completion_tokens".</summary>
    public string MaxTokensField { get; init; } = "max_tokens";

    /// <summary>True when the role "developer" is known.</summary>
    public bool DeveloperRole { get; init; }

    /// <summary>True when the vendor sends its usage chunk only on request.</summary>
    public bool IncludeUsage { get; init; } = true;

    /// <summary>When the vendor answers only in a stream; a plain request is then streamed and folded.</summary>
    public StreamNeed StreamNeed { get; init; } = StreamNeed.None;

    /// <summary>True when messages may name their author.</summary>
    public bool MessageNames { get; init; } = true;

    /// <summary>True for text-only models: content that is nothing but text goes as one string.</summary>
    public bool FlatText { get; init; }

    /// <summary>True when a picture's bytes are sent as bare base64 instead of a data URI.</summary>
    public bool BareBase64Images { get; init; }

    /// <summary>True when sound is sent as a data URI in <c>audio_url</c> instead of <c>input_audio</c>.</summary>
    public bool AudioAsUrl { get; init; }

    /// <summary>Length that ids of tool calls must have; 0 takes any.</summary>
    public int ToolCallIdLength { get; init; }

    /// <summary>Member that carries earlier reasoning; empty when the vendor takes none.</summary>
    public string ReasoningField { get; init; } = "reasoning_content";

    /// <summary>Stands for missing reasoning beside tool calls, for vendors that refuse a turn without; empty sends none.</summary>
    public string MissingReasoning { get; init; } = "";

    /// <summary>Member that makes the model go on from a last message of the assistant; empty when the vendor has none.</summary>
    public string PrefillField { get; init; } = "";

    /// <summary>What is appended to the base address for such a request; empty when nothing else than for all.</summary>
    public string PrefillPath { get; init; } = "";

    /// <summary>How reasoning is switched.</summary>
    public ThinkingSwitch Thinking { get; init; } = ThinkingSwitch.Unknown;

    /// <summary>The strictest answer format: "json_schema", "json_object" or "text"; stricter wishes become it.</summary>
    public string ResponseFormat { get; init; } = "json_schema";

    /// <summary>True tells the model in words the schema that it cannot be held to.</summary>
    public bool SchemaInPrompt { get; init; }

    /// <summary>Member that carries the hashed end user; empty when the vendor takes none.</summary>
    public string EndUserField { get; init; } = "user";

    /// <summary>Members that the vendor does not take.</summary>
    public HashSet<string> UnsupportedMembers { get; init; } = [];

    /// <summary>What becomes of single members. A model's rules replace the vendor's for the same member.</summary>
    public IReadOnlyList<ParameterRule> Rules { get; init; } = [];

    /// <summary>How answers differ.</summary>
    public AnswerProfile Answer { get; init; } = new();

    /// <summary>Profiles of single models, the members of the vendor's already in them; the first that fits holds. In the file: <c>"match"</c> and what is different.</summary>
    [JsonIgnore]
    public IReadOnlyList<ModelProfile> Models { get; init; } = [];

    /// <summary>The profile of a model by its name at the vendor.</summary>
    public ChatProfile For(string model)
    {
        foreach (var profile in Models)
        {
            if (profile.Fits(model))
                return profile.Chat;
        }

        return this;
    }
}

/// <summary>The profile of some of a vendor's models.</summary>
/// <param name="Match">Names at the vendor; <c>*</c> stands for anything.</param>
/// <param name="Chat">Their chat profile.</param>
internal sealed record ModelProfile(IReadOnlyList<string> Match, ChatProfile Chat)
{
    /// <summary>True for a model of this profile.</summary>
    public bool Fits(string model)
    {
        foreach (var pattern in Match)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, model))
                return true;
        }

        return false;
    }
}

/// <summary>When a vendor answers only in a stream.</summary>
internal enum StreamNeed
{
    /// <summary>Never.</summary>
    None,

    /// <summary>When the model reasons.</summary>
    Thinking,

    /// <summary>Always.</summary>
    Always,
}
