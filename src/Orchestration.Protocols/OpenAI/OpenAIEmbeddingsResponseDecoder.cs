namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes embeddings of an OpenAI-compatible provider.</summary>
public static class OpenAIEmbeddingsResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    /// <param name="body">Body as received.</param>
    /// <param name="expectedCount">Number of inputs that were sent.</param>
    /// <param name="dimensions">Length that every vector must have; null when unknown.</param>
    public static EmbeddingsResponseDecoding Decode(ReadOnlySpan<byte> body, int expectedCount, int? dimensions = null) => throw new NotImplementedException();
}
