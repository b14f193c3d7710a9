using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes the body of <c>POST /v1/chat/completions</c>.</summary>
public static class OpenAIChatRequestDecoder
{
    /// <summary>Decodes a body. The request does not keep a reference to <paramref name="json"/>.</summary>
    public static ChatRequestDecoding Decode(ReadOnlyMemory<byte> json)
    {
        if (!JsonDocuments.TryParse(json, out var document, out var reason))
            return new ChatRequestDecoding.Rejected(RequestFailures.InvalidJson(reason));

        using (document)
        {
            var reader = new ChatRequestReader(new RequestContext());
            return reader.Read(document.RootElement);
        }
    }
}
