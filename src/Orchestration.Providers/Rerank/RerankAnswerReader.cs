using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Rerank;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Rerank;

/// <summary>Reads one ranking.</summary>
internal sealed class RerankAnswerReader(
    RerankRequest request,
    ExecutionOrder order,
    PreparedCandidate candidate,
    int maxBodyBytes) : PlainAnswerReader(candidate, order.Limits, maxBodyBytes)
{
    /// <summary>The ranks; null until they were read.</summary>
    public RerankResponse? Response { get; private set; }

    protected override long EstimatedInputTokens => order.EstimatedInputTokens;

    protected override long EstimatedSearchUnits =>
        Candidate.Price.Record.Tiers.Any(t => t.PerSearch.Length > 0)
            ? RerankMeasure.SearchUnits(request, size => TextMeasure.EstimateTokens(size, Candidate.Deployment.Model))
            : 0;

    protected override Failure? Decode(ReadOnlySpan<byte> body)
    {
        switch (RerankResponseDecoder.Decode(body, request.Documents.Count, request.HasTopCount ? request.TopCount : null, Candidate.Profile.ErrorRules))
        {
            case RerankResponseDecoding.Decoded decoded:
                (Response, Started, ReportedUsage) = (decoded.Response, decoded.Response.Response, decoded.Response.Usage);
                return null;
            case RerankResponseDecoding.Failed failed:
                (Started, ReportedUsage) = (failed.Reported.Response, failed.Reported.Usage);
                return failed.Failure;
            default:
                return ExecutionFailures.Internal();
        }
    }
}
