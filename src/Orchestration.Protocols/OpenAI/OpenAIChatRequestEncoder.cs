using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes a chat request for an OpenAI-compatible provider.</summary>
public static class OpenAIChatRequestEncoder
{
    /// <summary>Encodes a request. Unknown members go on only when the request came in this protocol; members that steer never do.</summary>
    public static EncodedRequest Encode(ChatRequest request, OpenAIRequestTarget target)
    {
        using var writer = new ChatRequestWriter(request, target);
        return writer.Write();
    }
}
