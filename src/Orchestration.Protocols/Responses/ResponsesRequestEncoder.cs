using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Responses;

/// <summary>Encodes a chat request for OpenAI's Responses protocol. Nothing is left with the provider: <c>store</c> is always false.</summary>
public static class ResponsesRequestEncoder
{
    /// <summary>Encodes a request. Unknown members go on only when the request came in this protocol; members that steer never do.</summary>
    public static EncodedRequest Encode(ChatRequest request, ResponsesRequestTarget target)
    {
        using var writer = new ResponsesRequestWriter(request, target);
        return writer.Write();
    }
}
