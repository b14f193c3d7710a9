using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>Writes an answer as the events of one dialect.</summary>
internal abstract class AnswerWriter(ResponseBody body)
{
    protected ResponseBody Body => body;

    /// <summary>What comes before the first token.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>What keeps a waiting connection alive; many dialects have nothing for it.</summary>
    public virtual void KeepAlive()
    {
    }

    public abstract void Write(in AnswerStep step);

    /// <summary>Writes one delta of text.</summary>
    public abstract void WriteText(int choice, ReadOnlySpan<char> text);

    /// <summary>What marks the end of the stream.</summary>
    public virtual void End()
    {
    }

    /// <summary>An error in the middle of the stream, as the dialect words it.</summary>
    public abstract void Fail();

    public virtual void Garble() => body.Write("data: {\"id\": <this is no JSON\n\n"u8);

    protected Utf8JsonWriter NewJson() => new(body, WireJson.Options);
}
