using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Gemini;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Providers.Profiles;

/// <summary>What is peculiar about a vendor, as data: one file per vendor in <c>Profiles/</c>.</summary>
internal sealed record VendorProfile
{
    private const int HttpsPort = 443;
    private ProviderErrorRules? _errorRules;

    /// <summary>Provider id as deployments name it; also the file's name.</summary>
    public required string Provider { get; init; }

    /// <summary>Name for people; empty means the id.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>How far the profile is proven.</summary>
    public ProfileProof Proof { get; init; } = new();

    /// <summary>Where the vendor answers and which environment variable holds the key for it; keys never cross regions.</summary>
    public IReadOnlyList<VendorEndpoint> Endpoints { get; init; } = [];

    /// <summary>More hosts of the vendor that may see its keys, for single models that answer elsewhere.</summary>
    public IReadOnlyList<string> OtherHosts { get; init; } = [];

    /// <summary>How the key is shown.</summary>
    public AuthorizationStyle Authorization { get; init; } = new();

    /// <summary>How the key is shown at the vendor's OpenAI-compatible endpoints; null when as everywhere.</summary>
    public AuthorizationStyle? OpenAIAuthorization { get; init; }

    /// <summary>Headers that go with every request; never a secret.</summary>
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

    /// <summary>How an account's balance is read; null when the vendor tells none to a key.</summary>
    public BalanceProfile? Balance { get; init; }

    /// <summary>What a verification of this profile calls.</summary>
    public VerificationProfile Verification { get; init; } = new();

    /// <summary>What else is known of the vendor's errors.</summary>
    public ErrorProfile Errors { get; init; } = new();

    /// <summary>Headers that tell when a limit ends, besides <c>Retry-After</c>.</summary>
    public RetryProfile Retry { get; init; } = new();

    /// <summary>True for a relay whose reports are compared with an estimate of our own: it may count, or answer with a model, as it likes.</summary>
    public bool Untrusted { get; init; }

    /// <summary>Everything that is known of the vendor's errors.</summary>
    public ProviderErrorRules ErrorRules => _errorRules ??= Errors.With(ErrorCodes);

    /// <summary>
    /// True when the vendor's own list says that a host answers in another region than the one named: data would cross a border that the
    /// deployment promises to keep. A host that no region claims is not judged.
    /// </summary>
    public bool IsElsewhere(string host, string region)
    {
        var regions = Endpoints.Where(e => host.Equals(e.Address?.IdnHost, StringComparison.OrdinalIgnoreCase)).Select(e => e.Region).ToList();
        if (region.Length == 0 || regions.Count == 0 || regions.Contains("") || regions.Contains(region)) return false;
        // "us" may be a finer name of "intl", but nothing outside is a name for "cn".
        return Endpoints.Any(e => e.Region == region) || regions.TrueForAll(r => (r == "cn") != (region == "cn"));
    }

    /// <summary>How the key is shown at an endpoint that speaks a protocol.</summary>
    public AuthorizationStyle AuthorizationFor(Protocol protocol) =>
        protocol is Protocol.Unspecified or Protocol.OpenaiChat or Protocol.OpenaiResponses ? OpenAIAuthorization ?? Authorization : Authorization;

    /// <summary>True for a host and port that are the vendor's own: another port of the same machine may be anybody's.</summary>
    public bool AnswersAt(Uri address) =>
        Endpoints.Any(e => e.Address is { } own && IsSame(own.IdnHost, own.Port, address))
        || OtherHosts.Any(h => IsSame(h, HttpsPort, address));

    private static bool IsSame(string host, int port, Uri address) =>
        port == address.Port && host.Equals(address.IdnHost, StringComparison.OrdinalIgnoreCase);
}
