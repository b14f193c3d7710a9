using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>How the clients of one protocol ask and are answered. All else about a chat request is the same for all of them.</summary>
internal abstract class ChatProtocol
{
    public abstract ChatRequestDecoding Decode(ReadOnlyMemory<byte> body);

    /// <summary>Begins a streamed answer.</summary>
    public abstract IChatStreamEncoder BeginStream(AdmittedRequest request, ChatRequestDecoding.Decoded decoded);

    /// <summary>Writes a whole answer; <paramref name="model"/> is the name of the model that the client is shown.</summary>
    public abstract void WriteAnswer(
        IBufferWriter<byte> output,
        ChatCompletion completion,
        ChatRequestDecoding.Decoded decoded,
        OrchestrationFacts facts,
        string model);
}
