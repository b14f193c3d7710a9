using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes a chat request for an OpenAI-compatible provider.</summary>
public static class OpenAIChatRequestEncoder
{
    /// <summary>Encodes a request.</summary>
    public static EncodedRequest Encode(ChatRequest request, OpenAIRequestTarget target) => throw new NotImplementedException();
}
