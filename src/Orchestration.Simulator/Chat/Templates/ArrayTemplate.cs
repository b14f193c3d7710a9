using System.Buffers;
using System.Text.Json;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>An array of a fixed length; it vanishes with any of its items.</summary>
internal sealed class ArrayTemplate(JsonElement json) : Template
{
    private readonly Template[] _items = [.. json.EnumerateArray().Select(Compile)];

    public override bool IsPresent(AnswerSlots slots) => Array.TrueForAll(_items, item => item.IsPresent(slots));

    public override void Write(IBufferWriter<byte> writer, AnswerSlots slots)
    {
        writer.Write("["u8);
        for (var index = 0; index < _items.Length; index++)
        {
            if (index > 0)
                writer.Write(","u8);
            _items[index].Write(writer, slots);
        }
        writer.Write("]"u8);
    }
}
