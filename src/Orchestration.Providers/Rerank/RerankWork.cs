using System.Globalization;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols.Rerank;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Rerank;

/// <summary>Ranks documents in one call.</summary>
internal sealed class RerankWork(RerankRequest request, ExecutionOrder order, int maxBodyBytes) : PlainRequest<RerankResponse>
{
    private RerankResponse? _ranks;
    private Usage? _usage;

    public override string Operation => "rerank";

    public override PlainCalls CallsFor(PreparedCandidate candidate)
    {
        var profile = candidate.Profile.Rerank;
        if (profile.MaxDocuments > 0 && request.Documents.Count > profile.MaxDocuments)
            return new PlainCalls.Unusable(TooMany(candidate.Deployment.Model, profile.MaxDocuments));
        var encoded = RerankRequestEncoder.Encode(request, new RerankTarget
        {
            Model = candidate.Deployment.UpstreamModel,
            Dialect = profile.Dialect,
            UnsupportedMembers = profile.UnsupportedMembers,
        });
        if (request.Hints is { Strict: true } && encoded.Warnings.Count > 0)
            return new PlainCalls.Unusable(ExecutionFailures.Strict(string.Join(", ", encoded.Warnings.Select(w => w.Param))));
        var reader = new RerankAnswerReader(request, order, candidate, maxBodyBytes);
        return new PlainCalls.Ready(profile.PathFrom(candidate.Deployment.Simulated), [new PlainCall(encoded.Body, encoded.Warnings, reader)]);
    }

    public override void Keep(PlainCall call, Usage usage) => (_ranks, _usage) = (((RerankAnswerReader)call.Reader).Response, usage);

    public override RerankResponse? Answer(ResponseStarted started)
    {
        if (_ranks is not { } ranks) return null;
        (ranks.Response, ranks.Usage) = (started, _usage);
        if (!request.ReturnDocuments) return ranks;
        foreach (var rank in ranks.Results) rank.Document = request.Documents[rank.Index];
        return ranks;
    }

    public override void Seal(RerankResponse answer, Guid requestId, Summary summary) =>
        (answer.RequestId, answer.Summary) = (requestId.ToString("D"), summary);

    private static Failure TooMany(string model, int most) => new()
    {
        FailureClass = FailureClass.InvalidRequest,
        Code = "too_many_documents",
        Message = string.Create(CultureInfo.InvariantCulture, $"{model} ranks at most {most} documents at once."),
        Param = "documents",
    };
}
