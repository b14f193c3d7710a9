using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Routing.Policy;

/// <summary>The protocols of endpoints by the words that a policy uses for them.</summary>
internal static class EndpointProtocols
{
    private static readonly Dictionary<string, (Protocol Protocol, string SimulatedPath)> ByName = new(StringComparer.Ordinal)
    {
        ["openai"] = (Protocol.OpenaiChat, "v1"),
        ["openai-responses"] = (Protocol.OpenaiResponses, "v1"),
        ["anthropic"] = (Protocol.AnthropicMessages, "v1"),
        ["gemini"] = (Protocol.Gemini, "v1beta"),
        ["ollama"] = (Protocol.Ollama, ""),
    };

    public static string Names => string.Join(", ", ByName.Keys);

    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    public static Protocol Of(string name) => ByName[name].Protocol;

    /// <summary>Where the simulator answers in a protocol, below the vendor's own path.</summary>
    public static string SimulatedPathOf(string name) => ByName[name].SimulatedPath;
}
