using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Names of tools on the wire. Names that the protocol does not take go as aliases, which answers map back.</summary>
public sealed class AnthropicToolNames
{
    private readonly Dictionary<string, string> _originals = [];

    private AnthropicToolNames()
    {
    }

    /// <summary>No aliases.</summary>
    public static AnthropicToolNames None { get; } = new();

    /// <summary>The aliases of a request; the same request always gives the same.</summary>
    public static AnthropicToolNames Of(ChatRequest request)
    {
        var names = new AnthropicToolNames();
        foreach (var tool in request.Tools)
        {
            if (AnthropicIdentifiers.Clean(tool.Name) is var alias && alias != tool.Name)
                names._originals[alias] = tool.Name;
        }

        return names;
    }

    /// <summary>The name that the caller knows.</summary>
    public string Original(string alias) => _originals.GetValueOrDefault(alias, alias);
}
