namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes a <c>chat.completion</c> object of an OpenAI-compatible provider.</summary>
public static class OpenAIChatResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    public static ChatResponseDecoding Decode(ReadOnlySpan<byte> body, OpenAIStreamOptions? options = null) => throw new NotImplementedException();
}
