using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Decodes the bodies of <c>POST /v1/messages</c> and <c>POST /v1/messages/count_tokens</c>.</summary>
public static class AnthropicRequestDecoder
{
    /// <summary>Decodes a body. The request does not keep a reference to <paramref name="json"/>.</summary>
    public static ChatRequestDecoding Decode(ReadOnlyMemory<byte> json) => Decode(json, isCount: false);

    /// <summary>Decodes the body of a request to count its tokens, which has no output limit.</summary>
    public static ChatRequestDecoding DecodeCount(ReadOnlyMemory<byte> json) => Decode(json, isCount: true);

    private static ChatRequestDecoding Decode(ReadOnlyMemory<byte> json, bool isCount)
    {
        if (!JsonDocuments.TryParse(json, out var document, out var reason))
            return new ChatRequestDecoding.Rejected(RequestFailures.InvalidJson(reason));

        using (document)
        {
            return new MessagesRequestReader(new RequestContext(), isCount).Read(document.RootElement);
        }
    }
}
