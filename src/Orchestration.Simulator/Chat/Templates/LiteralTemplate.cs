using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>A value that is always the same.</summary>
internal sealed class LiteralTemplate(JsonElement json) : Template
{
    private readonly byte[] _json = WireJson.Encode(json);

    public override bool IsPresent(AnswerSlots slots) => true;

    public override void Write(IBufferWriter<byte> writer, AnswerSlots slots) => writer.Write(_json);
}
