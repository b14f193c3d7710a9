using System.Text.Json;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Responses;

/// <summary>An item that the canonical model does not know, such as a search that the provider ran itself; passed on as it is.</summary>
internal sealed class KeptItem(string id, string type, ChoiceParts parts) : OutputItem(id, type, parts)
{
    private bool _isKept;

    public override void Read(string type, JsonElement root, List<ChatEvent> events)
    {
    }

    public override void Complete(JsonElement item, List<ChatEvent> events)
    {
        if (_isKept)
            return;
        _isKept = true;
        var part = Parts.Start(PartKind.Text, events);
        Parts.Append(part, "", events, extensions: $$"""{"output_items":[{{item.GetRawText()}}]}""");
        Parts.Stop(part, events);
    }

    public override void Close(List<ChatEvent> events)
    {
    }
}
