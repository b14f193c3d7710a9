using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Embeddings;

/// <summary>The texts of one call, by their positions in the request.</summary>
internal sealed record EmbeddingBatch(IReadOnlyList<int> Positions, long EstimatedTokens)
{
    /// <summary>Cuts texts into as few calls as the vendor's limits allow, in their order.</summary>
    public static IReadOnlyList<EmbeddingBatch> Split(EmbeddingsRequest request, IEnumerable<int> positions, EmbeddingsProfile profile, string model)
    {
        var batches = new List<EmbeddingBatch>();
        var (current, tokens) = (new List<int>(), 0L);
        var mostInputs = profile.MaxInputsOf(model);
        foreach (var position in positions)
        {
            var size = TextMeasure.Measure(request.Inputs[position]) with { Messages = 1 };
            var more = TextMeasure.EstimateTokens(size, model);
            if (current.Count > 0 && (current.Count == mostInputs || (profile.MaxTokens > 0 && tokens + more > profile.MaxTokens)))
            {
                batches.Add(new EmbeddingBatch(current, tokens));
                (current, tokens) = ([], 0);
            }

            current.Add(position);
            tokens += more;
        }

        if (current.Count > 0) batches.Add(new EmbeddingBatch(current, tokens));
        return batches;
    }
}
