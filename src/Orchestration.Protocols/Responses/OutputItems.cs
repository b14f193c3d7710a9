using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>The items of one answer by their place. Places decide and not ids: some relays give an item another id in each event.</summary>
internal sealed class OutputItems(string origin, ResponseStarted reported)
{
    private const int MaxItems = 4_096;

    private readonly SortedList<int, OutputItem> _items = [];

    public ChoiceParts Parts { get; } = new(0);

    /// <summary>Takes an event about an item or a piece of one.</summary>
    public Failure? Read(string type, JsonElement root, List<ChatEvent> events)
    {
        var index = PlaceOf(root, type == "response.output_item.added");
        if (index is < 0 or >= MaxItems)
            return ProviderFailures.Protocol("The provider's answer holds an item at an impossible place.");

        root.TryGet("item", out var item);
        switch (type)
        {
            case "response.output_item.added":
                if (ItemAt(index, item) is CallItem call)
                    call.Start(item, events);
                break;
            case "response.output_item.done":
                Complete(index, item, events);
                break;
            default:
                if (_items.TryGetValue(index, out var known) || TryBegin(index, type, out known))
                    known.Read(type, root, events);
                break;
        }

        return null;
    }

    /// <summary>Takes the items of a whole answer: what events before it did not tell is added.</summary>
    public void ReadAll(JsonElement response, List<ChatEvent> events)
    {
        foreach (var (index, item) in response.ItemsOf("output").Take(MaxItems).Index())
            Complete(index, item, events);
        foreach (var item in _items.Values)
            item.Close(events);
        Parts.StopAll(events);
    }

    private void Complete(int index, JsonElement item, List<ChatEvent> events)
    {
        if (ItemAt(index, item) is not { } known)
            return;
        known.Complete(item, events);
        known.Close(events);
    }

    // Another item at a place that is taken is none of ours to tell twice.
    private OutputItem? ItemAt(int index, JsonElement item)
    {
        var type = item.TextOf("type");
        if (_items.TryGetValue(index, out var known))
            return known.Type == type ? known : null;
        return type.Length == 0 ? null : _items[index] = Create(index, item.TextOf("id"), type);
    }

    private OutputItem Create(int index, string id, string type) => type switch
    {
        "message" => new MessageItem(id, Parts),
        "reasoning" => new ReasoningItem(id, Parts, origin),
        "function_call" or "custom_tool_call" => new CallItem(id, type, Parts, FallbackId(index)),
        _ => new KeptItem(id, type, Parts),
    };

    private string FallbackId(int index) =>
        reported.ProviderResponseId.Length > 0 ? $"call_{reported.ProviderResponseId}_{index}" : $"call_{Guid.CreateVersion7():N}";

    // A text whose item was never announced is one all the same.
    private bool TryBegin(int index, string type, out OutputItem item)
    {
        var kind = type.Split('.') is ["response", var word, ..] ? word : "";
        item = kind switch
        {
            "output_text" or "refusal" => new MessageItem("", Parts),
            "reasoning_text" or "reasoning_summary_text" => new ReasoningItem("", Parts, origin),
            _ => null!,
        };
        if (item is not null)
            _items[index] = item;
        return item is not null;
    }

    private int PlaceOf(JsonElement root, bool isNew)
    {
        if (root.TryGet("output_index", out var value) && value.ValueKind == JsonValueKind.Number)
            return value.TryGetInt32(out var index) ? index : -1;
        var id = root.TextOf("item_id") is { Length: > 0 } given ? given : root.TryGet("item", out var item) ? item.TextOf("id") : "";
        foreach (var (place, known) in _items)
        {
            if (id.Length > 0 && known.Id == id)
                return place;
        }

        var last = _items.Count == 0 ? -1 : _items.Keys[^1];
        return isNew || last < 0 ? last + 1 : last;
    }
}
