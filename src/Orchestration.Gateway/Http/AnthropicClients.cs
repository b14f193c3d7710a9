namespace Orchestration.Gateway.Http;

/// <summary>Tells requests of Anthropic's protocol from OpenAI's, for the shape of what is answered and for nothing else.</summary>
internal static class AnthropicClients
{
    public const string VersionHeader = "anthropic-version";

    private static readonly PathString Messages = "/v1/messages";
    private static readonly PathString Models = "/v1/models";

    /// <summary>True on the protocol's own paths, and on those that both protocols have when the client names its version.</summary>
    public static bool IsAnthropic(this HttpRequest request) => request.Path.StartsWithSegments(Messages)
        || (request.Headers.ContainsKey(VersionHeader) && request.Path.StartsWithSegments(Models));
}
