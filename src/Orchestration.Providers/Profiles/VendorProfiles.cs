using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Orchestration.Providers.Profiles;

/// <summary>All vendor profiles, read and checked when the process starts.</summary>
internal sealed partial class VendorProfiles
{
    private const string DefaultProvider = "default";

    private static readonly JsonSerializerOptions FileFormat = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect",
        "Host", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "x-orchestration-attempt",
    };

    private readonly Dictionary<string, VendorProfile> _profiles;
    private readonly VendorProfile _default;

    private VendorProfiles(Dictionary<string, VendorProfile> profiles)
    {
        _profiles = profiles;
        _default = profiles[DefaultProvider];
    }

    /// <summary>Every vendor by name; without the default profile.</summary>
    public IEnumerable<VendorProfile> Vendors =>
        _profiles.Values.Where(p => p.Provider != DefaultProvider).OrderBy(p => p.Provider, StringComparer.Ordinal);

    /// <summary>The profile of a provider; the default one for a provider without a file.</summary>
    public VendorProfile For(string provider) => _profiles.GetValueOrDefault(provider, _default);

    /// <exception cref="InvalidDataException">A file is malformed; the message names file and member.</exception>
    public static VendorProfiles Load(string directory)
    {
        var profiles = new Dictionary<string, VendorProfile>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal))
        {
            var profile = Read(path);
            if (Problem(profile, Path.GetFileNameWithoutExtension(path)) is { } problem)
                throw new InvalidDataException($"Vendor profile {path}: {problem}.");
            profiles.Add(profile.Provider, profile);
        }

        return profiles.ContainsKey(DefaultProvider)
            ? new VendorProfiles(profiles)
            : throw new InvalidDataException($"Vendor profiles in {directory}: there is no {DefaultProvider}.json.");
    }

    private static VendorProfile Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<VendorProfile>(File.ReadAllBytes(path), FileFormat)
                ?? throw new InvalidDataException($"Vendor profile {path} is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"Vendor profile {path}: {exception.Message}", exception);
        }
    }

    private static string? Problem(VendorProfile profile, string fileName)
    {
        if (profile.Provider != fileName || !ProviderId().IsMatch(profile.Provider)) return "provider must equal the file's name and be lower case";
        if (profile.Endpoints.DistinctBy(e => e.Region).Count() != profile.Endpoints.Count) return "endpoints must differ in region";
        foreach (var endpoint in profile.Endpoints)
        {
            if (!Uri.TryCreate(endpoint.BaseUrl, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.Query.Length > 0)
                return "baseUrl must be an https address without a query";
            if (!VariableName().IsMatch(endpoint.ApiKeyVariable)) return "apiKeyVariable must be an upper-case name";
        }

        if (profile.OtherHosts.Any(h => Uri.CheckHostName(h) != UriHostNameType.Dns)) return "otherHosts must be host names";
        if (!HeaderName().IsMatch(profile.Authorization.Header)) return "authorization.header must be a header name";
        if (HeaderProblem(profile) is { } header) return header;
        if (profile.Messages.DistinctBy(rules => rules.Prefix).Count() != profile.Messages.Count) return "messages must differ in prefix";
        if (profile.Chat.MaxTokensField is not ("max_tokens" or "max_completion_tokens")) return "chat.maxTokensField is unknown";
        if (profile.Chat.ThinkingField is not ("" or "thinking" or "enable_thinking")) return "chat.thinkingField is unknown";
        if ((profile.Embeddings.Problem() ?? profile.Rerank.Problem()) is { } problem) return problem;
        if (profile.GeminiModels.Any(r => r.MinThinkingBudget < 0 || r.MaxThinkingBudget < r.MinThinkingBudget)) return "geminiModels: a thinking budget is impossible";
        if (profile.Disconnect.Seconds is < 0 or > 600) return "disconnect.seconds must be 0 to 600";
        return profile.Disconnect.Tokens < 0 ? "disconnect.tokens must not be negative" : null;
    }

    // Who asks, where, and with which credential is decided by execution alone.
    private static string? HeaderProblem(VendorProfile profile)
    {
        foreach (var (name, value) in profile.Headers)
        {
            if (!HeaderName().IsMatch(name) || ReservedHeaders.Contains(name) || name.Equals(profile.Authorization.Header, StringComparison.OrdinalIgnoreCase))
                return "headers must have names that the gateway does not set itself";
            if (value.Length is 0 or > 256 || value.AsSpan().ContainsAnyExceptInRange(' ', '~')) return "headers must have values of 1 to 256 printable characters";
        }

        return null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex ProviderId();

    [GeneratedRegex("^[A-Z][A-Z0-9_]{0,127}$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]{0,63}$")]
    private static partial Regex HeaderName();
}
