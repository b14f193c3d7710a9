using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>One item of an answer while its events come in. Whatever the deltas left out is taken from the whole that follows them.</summary>
internal abstract class OutputItem(string id, string type, ChoiceParts parts)
{
    public string Id => id;

    public string Type => type;

    protected ChoiceParts Parts => parts;

    /// <summary>Takes an event about a piece of the item.</summary>
    public abstract void Read(string type, JsonElement root, List<ChatEvent> events);

    /// <summary>Takes the item as a whole.</summary>
    public abstract void Complete(JsonElement item, List<ChatEvent> events);

    /// <summary>Ends the item's parts.</summary>
    public abstract void Close(List<ChatEvent> events);

    protected static int Index(JsonElement root, string name) =>
        root.TryGet(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var index) ? index : 0;
}
