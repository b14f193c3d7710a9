using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Embeddings;
using Orchestration.Protocols.OpenAI;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Embeddings;

/// <summary>Embeds texts, in as many calls as the vendor's limits make of them.</summary>
internal sealed class EmbeddingWork(EmbeddingsRequest request, ExecutionOrder order, int maxBodyBytes) : PlainRequest<EmbeddingsResponse>
{
    private readonly Embedding?[] _vectors = new Embedding?[request.Inputs.Count];
    private readonly List<Usage> _usages = [];
    private Deployment? _maker;

    public override string Operation => "embeddings";

    public override decimal Remaining
    {
        get
        {
            var sizes = request.Inputs.Select(i => TextMeasure.EstimateTokens(TextMeasure.Measure(i) with { Messages = 1 }, request.Model)).ToList();
            return sizes.Sum() is > 0 and var all ? sizes.Where((_, i) => _vectors[i] is null).Sum() / (decimal)all : 1;
        }
    }

    public override PlainCalls CallsFor(PreparedCandidate candidate)
    {
        // Vectors of another model cannot stand beside those that are here.
        if (_maker is not null && (_maker.Provider, _maker.Model) != (candidate.Deployment.Provider, candidate.Deployment.Model)) Forget();
        _maker = candidate.Deployment;
        var missing = Enumerable.Range(0, _vectors.Length).Where(i => _vectors[i] is null);
        var batches = EmbeddingBatch.Split(request, missing, candidate.Profile.Embeddings, candidate.Deployment.UpstreamModel);
        var calls = batches.Select(batch => CallFor(batch, batches.Count, candidate)).ToList();
        var changed = calls[0].Warnings.Select(w => w.Param).ToList();
        return request.Hints is { Strict: true } && changed.Count > 0
            ? new PlainCalls.Unusable(ExecutionFailures.Strict(string.Join(", ", changed)))
            : new PlainCalls.Ready("embeddings", calls, candidate.Profile.Embeddings.ParallelCalls);
    }

    public override void Keep(PlainCall call, Usage usage)
    {
        var reader = (EmbeddingAnswerReader)call.Reader;
        foreach (var (index, position) in reader.Batch.Positions.Index()) _vectors[position] = reader.Vectors[index];
        _usages.Add(usage);
    }

    public override EmbeddingsResponse? Answer(ResponseStarted started)
    {
        if (_vectors.Select(v => v?.Values.Count).Distinct().Count() > 1)
        {
            Forget();
            return null;
        }

        return new EmbeddingsResponse { Response = started, Embeddings = { _vectors! }, Usage = Metering.Sum(_usages) };
    }

    public override void Seal(EmbeddingsResponse answer, Guid requestId, Summary summary) =>
        (answer.RequestId, answer.Summary) = (requestId.ToString("D"), summary);

    private void Forget()
    {
        Array.Clear(_vectors);
        _usages.Clear();
    }

    private PlainCall CallFor(EmbeddingBatch batch, int batches, PreparedCandidate candidate)
    {
        var part = request;
        if (batches > 1 || batch.Positions.Count < request.Inputs.Count)
        {
            part = new EmbeddingsRequest { EndUser = request.EndUser, Extensions = request.Extensions, Inputs = { batch.Positions.Select(p => request.Inputs[p]) } };
            if (request.HasDimensions) part.Dimensions = request.Dimensions;
        }

        var encoded = Encode(part, candidate);
        return new PlainCall(encoded.Body, encoded.Warnings, new EmbeddingAnswerReader(batch, LengthOf(candidate), candidate, order.Limits, maxBodyBytes));
    }

    private EncodedRequest Encode(EmbeddingsRequest part, PreparedCandidate candidate)
    {
        var profile = candidate.Profile.Embeddings;
        var target = new EmbeddingsTarget
        {
            Model = candidate.Deployment.UpstreamModel,
            Base64 = profile.Base64,
            TakesDimensions = TakesDimensions(candidate),
            UnsupportedMembers = profile.UnsupportedMembers,
            EmbeddedAs = order.Dimensions.Purpose == "query" ? EmbeddedAs.Query : EmbeddedAs.Document,
        };
        return profile.Dialect == EmbeddingsDialect.MiniMax
            ? MiniMaxEmbeddingsEncoder.Encode(part, target)
            : OpenAIEmbeddingsRequestEncoder.Encode(part, target);
    }

    private static bool TakesDimensions(PreparedCandidate candidate) =>
        candidate.Profile.Embeddings.Dialect != EmbeddingsDialect.MiniMax
        && candidate.Profile.Embeddings.TakesDimensions(candidate.Deployment.UpstreamModel);

    private int? LengthOf(PreparedCandidate candidate) =>
        request.HasDimensions && TakesDimensions(candidate) ? request.Dimensions
        : candidate.Deployment.EmbeddingDimensions > 0 ? candidate.Deployment.EmbeddingDimensions
        : null;
}
