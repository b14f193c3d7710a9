using Orchestration.Contracts.Embeddings.V1;

namespace Orchestration.Protocols.Embeddings;

/// <summary>What every embeddings dialect drops alike, and tells.</summary>
internal static class EmbeddingsWarnings
{
    /// <summary>Whether the length that was asked for is sent; if not, the caller is told.</summary>
    public static bool TakesDimensions(EmbeddingsRequest request, EmbeddingsTarget target, EncodingWarnings warnings)
    {
        if (!request.HasDimensions || target.TakesDimensions)
            return request.HasDimensions;
        warnings.Dropped("dimensions", "The model makes vectors of one length only; 'dimensions' was dropped.");
        return false;
    }
}
