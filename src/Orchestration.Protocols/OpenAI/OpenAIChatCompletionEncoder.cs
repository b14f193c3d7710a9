using System.Buffers;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes a complete answer for an OpenAI client.</summary>
public static class OpenAIChatCompletionEncoder
{
    /// <summary>Writes a <c>chat.completion</c> object; <paramref name="model"/> is the name shown to the client.</summary>
    public static void Write(IBufferWriter<byte> output, ChatCompletion completion, OrchestrationFacts facts, string model) => throw new NotImplementedException();
}
