using System.Buffers;
using Orchestration.Simulator.Chat.Templates;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>Writes the events of a stream from its vendor's templates.</summary>
internal sealed class ChunkWriter(ResponseBody body, ChatExchange exchange, AnswerSlots slots)
{
    private const string Padding = "a8ZkQ2mX";
    private readonly bool _obfuscated = exchange.Wire.Obfuscated && exchange.Request.Obfuscate;

    /// <summary>Writes a chunk of what the slots hold.</summary>
    /// <param name="size">Length of the text in it; negative for none at all.</param>
    public void WriteChunk(int size = 0)
    {
        if (_obfuscated)
            slots.Obfuscation = size < 0 ? "" : Padding[..(Padding.Length - size % Padding.Length)];
        body.WriteText(exchange.Wire.Prefix);
        exchange.Wire.Chunk.Write(body, slots);
        body.Write("\n\n"u8);
        slots.Edge = false;
    }

    /// <summary>Writes an event as it is.</summary>
    public void WriteRaw(string json)
    {
        body.WriteText(exchange.Wire.Prefix);
        body.WriteText(json);
        body.Write("\n\n"u8);
    }

    public void WriteUsageChunk()
    {
        slots.Choice = null;
        slots.Finish = null;
        slots.ChoiceUsage = false;
        slots.Usage = true;
        slots.Figures.Running = null;
        WriteChunk(-1);
    }

    /// <summary>Writes the whole answer as an event.</summary>
    public void WriteWhole()
    {
        slots.Whole = true;
        slots.Usage = true;
        slots.Figures.Running = null;
        body.WriteText(exchange.Wire.Prefix);
        exchange.Wire.Whole.Write(body, slots);
        body.Write("\n\n"u8);
        slots.Whole = false;
    }

    public void WriteDone()
    {
        if (exchange.Wire.Done is { } done)
            WriteRaw(done);
    }
}
