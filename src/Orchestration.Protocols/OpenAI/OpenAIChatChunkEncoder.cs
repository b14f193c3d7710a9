using System.Buffers;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes the events of one answer as server-sent events for an OpenAI client. One instance per answer.</summary>
/// <param name="requestId">Id of the request; shown as <c>chatcmpl-…</c>.</param>
/// <param name="model">Name shown to the client; empty shows the model that answers.</param>
/// <param name="createdAt">Creation time shown to the client.</param>
/// <param name="includeUsage">True writes the usage chunk with the <c>orchestration</c> object.</param>
public sealed class OpenAIChatChunkEncoder(string requestId, string model, DateTimeOffset createdAt, bool includeUsage)
{
    private readonly string _requestId = requestId + model + createdAt + includeUsage;

    /// <summary>What stands in the <c>orchestration</c> object. The gateway's own facts are set here before Summary is written;
    /// those of <see cref="ResponseStarted"/> and <see cref="Summary"/> are filled in by the encoder.</summary>
    public OrchestrationFacts Facts { get; set; } = new();

    /// <summary>True once an error or <c>[DONE]</c> was written; later events write nothing.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Writes the bytes of one event; none for events that a client does not see.</summary>
    public void Write(IBufferWriter<byte> output, ChatEvent chatEvent) => throw new NotImplementedException(_requestId + (IsEnded = true));
}
