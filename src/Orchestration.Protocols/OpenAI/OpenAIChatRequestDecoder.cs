namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes the body of <c>POST /v1/chat/completions</c>.</summary>
public static class OpenAIChatRequestDecoder
{
    /// <summary>Decodes a body. The request does not keep a reference to <paramref name="json"/>.</summary>
    public static ChatRequestDecoding Decode(ReadOnlyMemory<byte> json) => throw new NotImplementedException();
}
