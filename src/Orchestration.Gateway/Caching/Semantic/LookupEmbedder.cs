using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Embeddings;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>
/// Vectors from an embedding model, by the way that every embeddings request takes: planned, budgeted and in the ledger under the purpose
/// "cache". The client's own limits do not count it, and its key need not name the model.
/// </summary>
internal sealed class LookupEmbedder(EmbeddingsEntry entry, EmbeddingsExecution execution, TimeProvider timeProvider)
{
    private static readonly Dictionary<string, string> NoTags = [];

    /// <summary>The vector of a text; null when there is none to be had.</summary>
    public async Task<float[]?> EmbedAsync(Caller caller, string model, string text, CancellationToken cancellationToken)
    {
        var request = new EmbeddingsRequest { Model = model, Inputs = { text } };
        var outcome = await entry.AdmitAsync(
            caller with { Purpose = Purpose.Cache, Access = KeyAccess.Full, Limits = AccountLimits.None },
            request,
            RequestIdentity.Create(timeProvider),
            new ClientAttribution("", "", NoTags),
            [],
            cancellationToken);
        // Whoever waits may give up; what was admitted is run and settled all the same.
        return outcome is AdmissionOutcome.Admitted admitted
            && await execution.RunAsync(admitted.Request, request, CancellationToken.None) is PlainOutcome<EmbeddingsResponse>.Answered { Answer.Embeddings: [{ Values.Count: > 0 } vector] }
                ? Vectors.ToUnit([.. vector.Values])
                : null;
    }
}
