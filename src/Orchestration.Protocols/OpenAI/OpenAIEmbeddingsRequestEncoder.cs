using Orchestration.Contracts.Embeddings.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes an embeddings request for an OpenAI-compatible provider.</summary>
public static class OpenAIEmbeddingsRequestEncoder
{
    /// <summary>Encodes a request; <paramref name="base64"/> asks for vectors as base64, which is smaller where the provider knows it.</summary>
    public static EncodedRequest Encode(EmbeddingsRequest request, string model, bool base64 = false) => throw new NotImplementedException();
}
