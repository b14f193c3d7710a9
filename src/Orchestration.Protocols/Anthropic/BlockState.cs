using System.Text;
using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>One block of an answer while it grows.</summary>
internal sealed class BlockState(BlockKind kind, int part)
{
    public char Pending;

    public BlockKind Kind => kind;

    public int Part => part;

    /// <summary>Text of a thinking block, or the input of a tool that the provider runs itself.</summary>
    public StringBuilder Text { get; } = new();

    public string Signature { get; set; } = "";

    /// <summary>Input that stood in the block's start; empty when none did.</summary>
    public string FallbackInput { get; init; } = "";

    public bool HasInput { get; set; }

    /// <summary>The block's start, for blocks that are kept as they are.</summary>
    public JsonElement Start { get; init; }

    /// <summary>The whole block of a kind that the canonical model does not know.</summary>
    public string ToJson()
    {
        var bag = new JsonBag();
        foreach (var member in Start.EnumerateObject())
        {
            if (member.Name != "input" || Text.Length == 0)
                bag.Add(member);
        }

        if (Text.Length > 0)
            bag.Add("input", IsJson(Text.ToString()) ? Text.ToString() : JsonSerializer.Serialize(Text.ToString()));
        return bag.ToString();
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, JsonDocuments.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>Kinds of blocks of an answer.</summary>
internal enum BlockKind
{
    Text,
    Thinking,
    ToolUse,
    Kept,
}
