using Orchestration.Benchmarks.Providers;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Embeddings and rerank of one vendor.</summary>
internal sealed class PlainChecks(VendorRow row, VendorPlans plans, ExecutionClient client, SimulatorWitness witness)
{
    /// <summary>More than most vendors take at once.</summary>
    private const int Texts = 40;

    public async Task<string?> EmbedsAsync(CancellationToken cancellationToken)
    {
        var texts = Enumerable.Range(0, Texts).Select(i => $"text number {i} about {SampleRequests.Topic}").ToList();
        var all = await EmbedAsync(texts, cancellationToken);
        var last = await EmbedAsync([texts[^1]], cancellationToken);
        if (all.Embeddings.Count != Texts)
            return $"{all.Embeddings.Count} vectors for {Texts} texts";
        if (!all.Embeddings[^1].Values.SequenceEqual(last.Embeddings[0].Values))
            return "vectors are out of order";
        var counted = 0;
        foreach (var attempt in all.Summary.Attempts)
            counted += (await witness.CountAsync(attempt.AttemptId, cancellationToken)).Input;
        return all.Usage.InputTokens == counted ? null : $"input {all.Usage.InputTokens}, counted {counted}";
    }

    public async Task<string?> RanksAsync(CancellationToken cancellationToken)
    {
        var start = SamplePlan.Start(new Uri("http://unused"));
        var response = await client.RerankAsync(
            new RerankCall
            {
                RequestId = start.RequestId,
                Attribution = start.Attribution,
                StartedAt = start.StartedAt,
                Plan = plans.PlanFor(row.Rerank!),
                EstimatedInputTokens = 100,
                Request = new RerankRequest
                {
                    Model = "conformance",
                    Query = SampleRequests.Topic,
                    TopCount = 3,
                    Documents = { "prices of copper", "boats in a harbour at dawn", "the harbour at dawn", "how to boil eggs", "dawn" },
                },
            },
            cancellationToken);
        if (response.Results.Count != 3 || response.Results[0].Index != 2 || response.Results.Select(r => r.Index).Distinct().Count() != 3)
            return $"results are {string.Join(", ", response.Results.Select(r => r.Index))}";
        if (!response.Results.Select(r => r.Relevance).SequenceEqual(response.Results.Select(r => r.Relevance).OrderDescending()))
            return "results are not in order";
        var counted = await witness.CountAsync(response.Summary.Attempts[^1].AttemptId, cancellationToken);
        return counted.SearchUnits > 0
            ? response.Usage.SearchUnits == counted.SearchUnits ? null : $"search units {response.Usage.SearchUnits}, counted {counted.SearchUnits}"
            : counted.Differs(response.Usage);
    }

    private async Task<EmbeddingsResponse> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var start = SamplePlan.Start(new Uri("http://unused"));
        return await client.EmbedAsync(
            new EmbedRequest
            {
                RequestId = start.RequestId,
                Attribution = start.Attribution,
                StartedAt = start.StartedAt,
                Plan = plans.PlanFor(row.Embeddings!),
                EstimatedInputTokens = 100,
                Request = new EmbeddingsRequest { Model = "conformance", Inputs = { texts } },
            },
            cancellationToken);
    }
}
