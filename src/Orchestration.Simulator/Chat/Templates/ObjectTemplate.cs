using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>An object: members in the order of the vendor, or in any order for a vendor that keeps none.</summary>
internal sealed class ObjectTemplate(JsonElement json) : Template
{
    private readonly (byte[] Name, Template Value)[] _members =
        [.. json.EnumerateObject().Select(member => (Encoding.UTF8.GetBytes($"\"{member.Name}\":"), Compile(member.Value)))];

    /// <summary>An object that is nothing but gaps vanishes with the last of them.</summary>
    public override bool IsPresent(AnswerSlots slots)
    {
        foreach (var (_, value) in _members)
        {
            if (value.IsPresent(slots))
                return true;
        }
        return _members.Length == 0;
    }

    public override void Write(IBufferWriter<byte> writer, AnswerSlots slots)
    {
        writer.Write("{"u8);
        // Turning the order keeps every member once and needs no memory.
        var turn = slots.Turn(_members.Length);
        var first = true;
        for (var index = 0; index < _members.Length; index++)
        {
            var (name, value) = _members[(index + turn) % _members.Length];
            if (!value.IsPresent(slots))
                continue;
            if (!first)
                writer.Write(","u8);
            first = false;
            writer.Write(name);
            value.Write(writer, slots);
        }
        writer.Write("}"u8);
    }
}
