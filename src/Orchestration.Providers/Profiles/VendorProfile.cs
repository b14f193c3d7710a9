using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Gemini;

namespace Orchestration.Providers.Profiles;

/// <summary>What is peculiar about a vendor, as data: one file per vendor in <c>Profiles/</c>.</summary>
internal sealed record VendorProfile
{
    /// <summary>Provider id as deployments name it; also the file's name.</summary>
    public required string Provider { get; init; }

    /// <summary>Where the vendor answers and which environment variable holds the key for it; keys never cross regions.</summary>
    public IReadOnlyList<VendorEndpoint> Endpoints { get; init; } = [];

    /// <summary>More hosts of the vendor that may see its keys, for single models that answer elsewhere.</summary>
    public IReadOnlyList<string> OtherHosts { get; init; } = [];

    /// <summary>How the key is shown.</summary>
    public AuthorizationStyle Authorization { get; init; } = new();

    /// <summary>More headers that the vendor wants with every request, such as the version of its protocol.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Deviations of the chat dialect.</summary>
    public ChatProfile Chat { get; init; } = new();

    /// <summary>What the vendor's models take where they speak Anthropic's protocol, by prefix of their names.</summary>
    public IReadOnlyList<AnthropicModelRules> Messages { get; init; } = [];
    /// <summary>What the generations of its Gemini models take; the longest prefix that fits a model's name decides.</summary>
    public IReadOnlyList<GeminiModelRule> GeminiModels { get; init; } = [];

    /// <summary>How the names of its Ollama models begin that take a level for thinking instead of a flag.</summary>
    public IReadOnlyList<string> OllamaThinkLevels { get; init; } = [];

    /// <summary>Deviations of the embeddings dialect.</summary>
    public EmbeddingsProfile Embeddings { get; init; } = new();

    /// <summary>Deviations of the rerank dialect.</summary>
    public RerankProfile Rerank { get; init; } = new();

    /// <summary>What happens to an upstream read whose client has left, when the route does not say.</summary>
    public DisconnectPolicy Disconnect { get; init; } = new();

    /// <summary>The vendor's own error codes and types; they are looked up before the general ones.</summary>
    public IReadOnlyDictionary<string, FailureClass> ErrorCodes { get; init; } = new Dictionary<string, FailureClass>();

    /// <summary>True for a host that is the vendor's own.</summary>
    public bool AnswersAt(string host) =>
        Endpoints.Select(e => new Uri(e.BaseUrl).IdnHost).Concat(OtherHosts).Contains(host, StringComparer.OrdinalIgnoreCase);
}

/// <summary>One address of a vendor.</summary>
/// <param name="Region">"cn", "intl" or empty when the vendor has one address.</param>
/// <param name="BaseUrl">What <c>/chat/completions</c> is appended to.</param>
/// <param name="ApiKeyVariable">Environment variable that holds the key.</param>
internal sealed record VendorEndpoint(string Region, string BaseUrl, string ApiKeyVariable);

/// <summary>How a vendor wants to see its key.</summary>
/// <param name="Header">Name of the header.</param>
/// <param name="Scheme">Word before the key; empty for the bare key.</param>
/// <param name="Required">False for a server that may be asked without a key.</param>
internal sealed record AuthorizationStyle(string Header = "Authorization", string Scheme = "Bearer", bool Required = true);

/// <summary>Deviations of a vendor's chat completions from OpenAI's.</summary>
internal sealed record ChatProfile
{
    /// <summary>"max_tokens" or "max_completion_tokens".</summary>
    public string MaxTokensField { get; init; } = "max_tokens";

    /// <summary>True when the role "developer" is known.</summary>
    public bool DeveloperRole { get; init; }

    /// <summary>True when the vendor sends its usage chunk only on request.</summary>
    public bool IncludeUsage { get; init; } = true;

    /// <summary>Member that carries earlier reasoning; empty when the vendor takes none.</summary>
    public string ReasoningField { get; init; } = "reasoning_content";

    /// <summary>Switch for reasoning: "thinking" (an object with "type"), "enable_thinking" (a boolean), or empty when it has none or one of another form.</summary>
    public string ThinkingField { get; init; } = "";

    /// <summary>Member that carries the hashed end user; empty when the vendor takes none.</summary>
    public string EndUserField { get; init; } = "user";

    /// <summary>True for a vendor that never sends a finish reason.</summary>
    public bool DoneEndsOpenChoices { get; init; }

    /// <summary>Members that the vendor does not take.</summary>
    public HashSet<string> UnsupportedMembers { get; init; } = [];
}

/// <summary>What to do with an upstream read that nobody waits for.</summary>
/// <param name="Mode">Read on under a cap, or cancel and estimate.</param>
/// <param name="Seconds">Longest time to read on.</param>
/// <param name="Tokens">Most generated tokens to read on for.</param>
internal sealed record DisconnectPolicy(DisconnectMode Mode = DisconnectMode.Drain, int Seconds = 10, int Tokens = 2000);

/// <summary>The two ways to treat an upstream read that nobody waits for.</summary>
internal enum DisconnectMode
{
    Drain,
    Cancel,
}
