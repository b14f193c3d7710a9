using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols;

/// <summary>Encodes the events of one answer as server-sent events in a client's protocol. One instance per answer.</summary>
public interface IChatStreamEncoder
{
    /// <summary>What stands in the <c>orchestration</c> object. Set once before ResponseStarted and again before Summary is written;
    /// the facts of these two events are filled in by the encoder. Null writes no object where the protocol allows that.</summary>
    public OrchestrationFacts? Facts { get; set; }

    /// <summary>True once the end or an error was written; later events write nothing.</summary>
    public bool IsEnded { get; }

    /// <summary>Writes the bytes of one event; none for events that a client does not see. A KeepAlive is the protocol's own sign of life.</summary>
    public void Write(IBufferWriter<byte> output, ChatEvent chatEvent);
}
