using System.Buffers;
using Orchestration.Contracts.Embeddings.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes embeddings for an OpenAI client.</summary>
public static class OpenAIEmbeddingsResponseEncoder
{
    /// <summary>Writes the list object; vectors as numbers or as base64 of little-endian floats.</summary>
    public static void Write(IBufferWriter<byte> output, EmbeddingsResponse response, OrchestrationFacts facts, string model, bool base64) =>
        throw new NotImplementedException();
}
