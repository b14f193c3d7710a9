using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>Reasoning of earlier turns. Its encrypted content can be read by its origin only; everything else is left out with a warning.</summary>
internal sealed class ReasoningReplay(Utf8JsonWriter writer, string origin, EncodingWarnings warnings)
{
    /// <summary>The reasoning that a client of another protocol brings back beside a message; null when it brings none that way.</summary>
    public static IReadOnlyList<ReasoningPart>? In(string extensions)
    {
        if (!ExtraMembers.Parse(extensions).TryGet(ThinkingReplay.Member, out var list) || list.ValueKind != JsonValueKind.Array)
            return null;
        return
        [
            .. list.EnumerateArray().Select(item => new ReasoningPart
            {
                Text = item.TextOf("thinking"),
                Signature = item.TextOf("signature"),
                Redacted = item.TextOf("data"),
                Origin = item.TextOf("origin"),
            }),
        ];
    }

    public void Write(ReasoningPart reasoning, string path)
    {
        var content = reasoning.Signature.Length > 0 ? reasoning.Signature : reasoning.Redacted;
        if (content.Length == 0 || reasoning.Origin != origin)
        {
            if (content.Length + reasoning.Text.Length > 0)
                warnings.DroppedReasoning(path, reasoning, "Earlier reasoning was not sent: it carries no encrypted content of this model.");
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "reasoning");
        writer.WriteStartArray("summary");
        if (reasoning.Text.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "summary_text");
            writer.WriteString("text", reasoning.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("encrypted_content", content);
        writer.WriteEndObject();
    }
}
