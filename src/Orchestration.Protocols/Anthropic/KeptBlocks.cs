using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Blocks of an answer that the canonical model does not know, such as those of tools that the provider runs itself.</summary>
internal static class KeptBlocks
{
    /// <summary>Extension member that holds them.</summary>
    public const string Member = "anthropic_blocks";

    public static IReadOnlyList<string> In(string extensions) => List(extensions, Member, item => item.GetRawText());

    /// <summary>Data and origin of the encrypted thinking in an extension.</summary>
    public static IReadOnlyList<(string Data, string Origin)> RedactedIn(string extensions) =>
        [.. List(extensions, ThinkingReplay.Member, item => (Type: item.Text("type"), Data: item.Text("data"), Origin: item.Text("origin")))
            .Where(item => item.Type == "redacted_thinking").Select(item => (item.Data, item.Origin))];

    private static IReadOnlyList<T> List<T>(string extensions, string member, Func<JsonElement, T> select)
    {
        if (!extensions.Contains(member, StringComparison.Ordinal) || !ExtraMembers.Parse(extensions).TryGet(member, out var list) || list.ValueKind != JsonValueKind.Array)
            return [];
        return [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(select)];
    }
}
