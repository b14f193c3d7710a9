using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Decodes the body of <c>POST /v1/responses</c>. What rests on something kept from an earlier request is refused: nothing is kept.</summary>
public static class ResponsesRequestDecoder
{
    /// <summary>Decodes a body. The request does not keep a reference to <paramref name="json"/>.</summary>
    public static ChatRequestDecoding Decode(ReadOnlyMemory<byte> json)
    {
        if (!JsonDocuments.TryParse(json, out var document, out var reason))
            return new ChatRequestDecoding.Rejected(RequestFailures.InvalidJson(reason));

        using (document)
        {
            return new ResponsesRequestReader(new RequestContext()).Read(document.RootElement);
        }
    }
}
