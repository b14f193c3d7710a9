using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>
/// Thinking of earlier turns. Its signature is worth something to its origin only and a thinking block without one is refused,
/// so everything else is left out with a warning.
/// </summary>
internal sealed class ThinkingReplay(EncodingContext context)
{
    /// <summary>Member of a message in which clients of other protocols bring thinking blocks back.</summary>
    public const string Member = "thinking_blocks";

    /// <summary>The blocks that a message brings in <see cref="Member"/>; null when it brings none that way.</summary>
    public IReadOnlyList<Block>? FromExtensions(Message message, string path)
    {
        if (!ExtraMembers.Parse(message.Extensions).TryGet(Member, out var list) || list.ValueKind != JsonValueKind.Array)
            return null;

        var blocks = new List<Block>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && FromItem(item, path) is { } block)
                blocks.Add(block);
        }

        return blocks;
    }

    public Block? FromPart(ReasoningPart part, string path) => Block(part, path);

    private Block? FromItem(JsonElement item, string path) => Text(item, "type") == "redacted_thinking"
        ? Block(new ReasoningPart { Redacted = Text(item, "data"), Origin = Text(item, "origin") }, path)
        : Block(new ReasoningPart { Text = Text(item, "thinking"), Signature = Text(item, "signature"), Origin = Text(item, "origin") }, path);

    private Block? Block(ReasoningPart part, string path)
    {
        var isOurs = part.Origin.Length == 0 ? context.Rules.UnmarkedSignatures : part.Origin == context.Target.Origin;
        if (isOurs && part.Redacted.Length > 0)
            return new Block.Redacted(part.Redacted);
        if (isOurs && part.Signature.Length > 0)
            return new Block.Thinking(part.Text, part.Signature);
        if (part.Text.Length + part.Signature.Length + part.Redacted.Length > 0)
            context.DroppedReasoning(path, part, "Earlier reasoning was not sent: it carries no signature of this model.");
        return null;
    }

    private static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";
}
