using System.Text.RegularExpressions;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Providers.Profiles;

/// <summary>Finds what is wrong with a profile before anything uses it.</summary>
internal static partial class ProfileProblems
{
    // Headers that the transport itself decides on.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Cookie", "Host", "Connection", "Upgrade", "Transfer-Encoding", "TE", "Trailer",
        "Content-Length", "Content-Type", "Content-Encoding", "Accept-Encoding",
    };

    /// <summary>The first problem, beginning with the member; null when there is none.</summary>
    public static string? Find(VendorProfile profile, string fileName)
    {
        if (profile.Provider != fileName || !ProviderId().IsMatch(profile.Provider)) return "provider must equal the file's name and be lower case";
        if (profile.DisplayName.Length > 64) return "displayName must have at most 64 characters";
        if (profile.Proof is { Status: ProofStatus.Live, Date: null }) return "proof.date must be given for a live proof";
        if (profile.Proof is { Status: not ProofStatus.Live, Date: not null }) return "proof.date must be given for a live proof only";
        return OfEndpoints(profile)
            ?? OfHeaders(profile)
            ?? OfChat(profile.Chat, "chat")
            ?? profile.Chat.Models.Select((m, i) => OfModel(m, $"chat.models[{i}]")).FirstOrDefault(p => p is not null)
            ?? profile.Balance?.Problem() ?? profile.Verification.Problem()
            ?? profile.Embeddings.Problem() ?? profile.Rerank.Problem()
            ?? OfOtherProtocols(profile)
            ?? OfErrors(profile)
            ?? OfDisconnect(profile.Disconnect);
    }

    private static string? OfEndpoints(VendorProfile profile)
    {
        if (profile.Endpoints.DistinctBy(e => e.Region).Count() != profile.Endpoints.Count) return "endpoints must differ in region";
        foreach (var endpoint in profile.Endpoints)
        {
            if (!IsAddress(endpoint, profile.Authorization.Required)) return "endpoints.baseUrl must be an https address without a query";
            if (!VariableName().IsMatch(endpoint.ApiKeyVariable)) return "endpoints.apiKeyVariable must be an upper-case name";
            if (endpoint.Residency is not ("" or "eu" or "global" or "local") && !Country().IsMatch(endpoint.Residency))
                return "endpoints.residency must be a country's two letters, eu, global or local";
        }

        return profile.OtherHosts.Any(h => Uri.CheckHostName(h) != UriHostNameType.Dns) ? "otherHosts must be host names" : null;
    }

    // A server without keys has no secret that plain HTTP could show, and stands on this machine as a rule.
    private static bool IsAddress(VendorEndpoint endpoint, bool keyRequired)
    {
        var address = Placeholder().Replace(endpoint.BaseUrl, "placeholder");
        return Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Query.Length == 0 && url.UserInfo.Length == 0
            && (url.Scheme == Uri.UriSchemeHttps || (!keyRequired && url.Scheme == Uri.UriSchemeHttp));
    }

    private static string? OfHeaders(VendorProfile profile)
    {
        if (!HeaderName().IsMatch(profile.Authorization.Header)) return "authorization.header must be a header name";
        if (profile.OpenAIAuthorization is { } other && !HeaderName().IsMatch(other.Header)) return "openAIAuthorization.header must be a header name";
        foreach (var (name, value) in profile.Headers)
        {
            if (!HeaderName().IsMatch(name) || OwnHeaders.Contains(name) || name.Equals(profile.Authorization.Header, StringComparison.OrdinalIgnoreCase))
                return $"headers.{name} must be a header name that nothing else sets";
            if (value.Length > 256 || value.Any(c => c is < ' ' or > '~')) return $"headers.{name} must be at most 256 plain characters";
        }

        return profile.Retry.ResetHeaders.Any(h => !HeaderName().IsMatch(h)) ? "retry.resetHeaders must be header names" : null;
    }

    private static string? OfModel(ModelProfile model, string at)
    {
        if (model.Match.Count == 0 || model.Match.Any(string.IsNullOrWhiteSpace)) return $"{at}.match must name at least one model";
        return OfChat(model.Chat, at);
    }

    private static string? OfChat(ChatProfile chat, string at)
    {
        if (!ChatPath().IsMatch(chat.Path)) return $"{at}.path must be a relative path";
        if (chat.MaxTokensField is not ("max_tokens" or "max_completion_tokens")) return $"{at}.maxTokensField is unknown";
        if (chat.ResponseFormat is not ("json_schema" or "json_object" or "text")) return $"{at}.responseFormat is unknown";
        if (chat.ToolCallIdLength is < 0 or > 64) return $"{at}.toolCallIdLength must be 0 to 64";
        if (chat.MissingReasoning.Length > 0 && chat.ReasoningField.Length == 0) return $"{at}.missingReasoning needs a reasoningField";
        if (chat.Answer.InlineThinkingTag.Any(c => !char.IsAsciiLetterOrDigit(c))) return $"{at}.answer.inlineThinkingTag must be the bare name of a tag";
        if (chat.Answer is { DoneEndsOpenChoices: true, DoneIsOnlyEnd: true }) return $"{at}.answer.doneIsOnlyEnd contradicts doneEndsOpenChoices";
        return OfThinking(chat.Thinking, at + ".thinking") ?? chat.Rules.Select((r, i) => OfRule(r, $"{at}.rules[{i}]")).FirstOrDefault(p => p is not null);
    }

    private static string? OfThinking(ThinkingSwitch thinking, string at)
    {
        if (!ThinkingSwitch.Forms.Contains(thinking.Form)) return $"{at}.form is unknown";
        if (thinking is { Form: "effort", EffortField.Length: 0 }) return $"{at}.effortField must be given for the form effort";
        return thinking.MinBudget < 0 || (thinking.MaxBudget > 0 && thinking.MaxBudget < thinking.MinBudget) ? $"{at}.maxBudget must not be less than minBudget" : null;
    }

    private static string? OfRule(ParameterRule rule, string at)
    {
        if (rule.Param is "" or "model" or "messages" or "stream") return $"{at}.param must be a member that rules may change";
        if (rule.Min > rule.Max) return $"{at}.min must not be greater than max";
        if (rule.MaxItems < 0 || rule.MaxItemBytes < 1) return $"{at}.maxItems must not be negative";
        if (rule.Action is ParameterAction.Rename or ParameterAction.Wrap && rule.To.Length == 0) return $"{at}.to must be given";
        if (rule.Action is ParameterAction.Set or ParameterAction.Fix && rule.Value is null) return $"{at}.value must be given";
        var limits = rule.Min is not null || rule.Max is not null || rule.MaxItems is not null || rule.MaxItemBytes is not null || rule.Map.Count > 0;
        return (rule.Action == ParameterAction.Limit) == limits ? null : $"{at}.action does not go with its other members";
    }

    private static string? OfOtherProtocols(VendorProfile profile)
    {
        if (profile.Messages.DistinctBy(rules => rules.Prefix).Count() != profile.Messages.Count) return "messages must differ in prefix";
        return profile.GeminiModels.Any(r => r.MinThinkingBudget < 0 || r.MaxThinkingBudget < r.MinThinkingBudget)
            ? "geminiModels must have budgets that are possible"
            : null;
    }

    private static string? OfErrors(VendorProfile profile)
    {
        if (profile.Errors.Texts.Any(t => t.Contains.Length < 4)) return "errors.texts.contains must have at least 4 characters";
        return profile.Errors.Statuses.Keys.Any(s => s is < 400 or > 599) ? "errors.statuses must be 400 to 599" : null;
    }

    private static string? OfDisconnect(DisconnectPolicy disconnect)
    {
        if (disconnect.Seconds is < 0 or > 600) return "disconnect.seconds must be 0 to 600";
        return disconnect.Tokens < 0 ? "disconnect.tokens must not be negative" : null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex ProviderId();

    [GeneratedRegex("^[A-Z][A-Z0-9_]{0,127}$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]{0,63}$")]
    private static partial Regex HeaderName();

    [GeneratedRegex("^[a-z]{2}$")]
    private static partial Regex Country();

    [GeneratedRegex(@"\{[a-z]{1,32}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[a-zA-Z0-9_-][a-zA-Z0-9_./{}-]*(\?[a-zA-Z0-9_=&.-]+)?$")]
    private static partial Regex ChatPath();
}
