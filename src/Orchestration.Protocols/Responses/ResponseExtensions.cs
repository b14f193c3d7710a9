using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>What answers carry beside their texts, in the form of this protocol.</summary>
internal static class ResponseExtensions
{
    /// <summary>Citations in the extensions of an answer, one level flatter than chat completions have them.</summary>
    public static IEnumerable<string> Annotations(string extensions) => ItemsIn(extensions, "annotations").Select(Flat);

    /// <summary>Items that a provider's own tools left in its answer.</summary>
    public static IEnumerable<string> KeptItems(string extensions) =>
        ItemsIn(extensions, "output_items").Where(item => item.ValueKind == JsonValueKind.Object).Select(item => item.GetRawText());

    /// <summary>Probabilities of tokens, from the form of chat completions.</summary>
    public static IEnumerable<string> Probabilities(string logProbabilities) => ItemsIn(logProbabilities, "content").Select(item => item.GetRawText());

    private static JsonElement.ArrayEnumerator ItemsIn(string json, string member) =>
        json.Length > 0 && ExtraMembers.Parse(json).TryGet(member, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string Flat(JsonElement annotation)
    {
        if (!annotation.TryGet("url_citation", out var inner) || inner.ValueKind != JsonValueKind.Object)
            return annotation.GetRawText();
        var bag = new JsonBag();
        bag.Add("type", "\"url_citation\"");
        foreach (var member in inner.EnumerateObject())
            bag.Add(member);
        return bag.ToString();
    }
}
