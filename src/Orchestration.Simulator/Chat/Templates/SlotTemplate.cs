using System.Buffers;
using System.Text;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>A gap, with what stands in it otherwise.</summary>
internal sealed class SlotTemplate : Template
{
    private readonly Slot _slot;
    private readonly byte[]? _otherwise;

    public SlotTemplate(string text)
    {
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        _slot = Enum.Parse<Slot>((bar < 0 ? text : text[..bar]).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        _otherwise = bar < 0 ? null : Encoding.UTF8.GetBytes(text[(bar + 1)..]);
    }

    public override bool IsPresent(AnswerSlots slots) => _otherwise is not null || slots.Has(_slot);

    public override void Write(IBufferWriter<byte> writer, AnswerSlots slots)
    {
        if (_otherwise is not null && !slots.Has(_slot))
            writer.Write(_otherwise);
        else
            slots.Write(_slot, writer);
    }
}
