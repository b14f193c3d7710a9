namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes the body of <c>POST /v1/embeddings</c>.</summary>
public static class OpenAIEmbeddingsRequestDecoder
{
    /// <summary>Decodes a body.</summary>
    public static EmbeddingsRequestDecoding Decode(ReadOnlyMemory<byte> json) => throw new NotImplementedException();
}
