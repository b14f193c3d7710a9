using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Ollama;

/// <summary>Encodes a chat request for Ollama's own <c>/api/chat</c>.</summary>
public static class OllamaRequestEncoder
{
    /// <summary>Encodes a request. Unknown members go on only when the request came in this protocol; members that steer never do.</summary>
    public static EncodedRequest Encode(ChatRequest request, OllamaRequestTarget target)
    {
        using var writer = new OllamaRequestWriter(request, target);
        return writer.Write();
    }
}
