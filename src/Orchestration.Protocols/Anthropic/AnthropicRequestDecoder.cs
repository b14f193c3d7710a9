using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Decodes the body of <c>POST /v1/messages</c>.</summary>
public static class AnthropicRequestDecoder
{
    /// <summary>Decodes a body. The request does not keep a reference to <paramref name="json"/>.</summary>
    public static ChatRequestDecoding Decode(ReadOnlyMemory<byte> json)
    {
        if (!JsonDocuments.TryParse(json, out var document, out var reason))
            return new ChatRequestDecoding.Rejected(RequestFailures.InvalidJson(reason));

        using (document)
        {
            return new MessagesRequestReader(new RequestContext()).Read(document.RootElement);
        }
    }
}
