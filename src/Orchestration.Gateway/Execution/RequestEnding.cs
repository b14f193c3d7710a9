using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Caching;
using Orchestration.Pricing;
using Usage = Orchestration.Contracts.Pricing.V1.Usage;

namespace Orchestration.Gateway.Execution;

/// <summary>How a request ended, as the gateway saw it.</summary>
internal sealed class RequestEnding
{
    /// <summary>Null when Providers was lost before it could sum up; its own rows in the ledger then decide.</summary>
    public Summary? Summary { get; set; }

    /// <summary>Null until an answer was committed.</summary>
    public ResponseStarted? Response { get; set; }

    /// <summary>Code of the failure that the client saw; null when there was none.</summary>
    public string? FailureCode { get; set; }

    /// <summary>Attempts that were announced.</summary>
    public int AttemptsSeen { get; set; }

    /// <summary>True when Providers itself said that it does not run the request.</summary>
    public bool Refused { get; set; }

    public bool ClientGone { get; set; }

    public TimeSpan? TimeToFirstToken { get; set; }

    /// <summary>False when only the ledger will find out what the request came to.</summary>
    public bool IsCostKnown => Summary is not null || (Refused && AttemptsSeen == 0);

    /// <summary>
    /// Tokens that count against the client's limits: of the attempt that answered, or of the last. What other attempts used is counted
    /// against providers. Null when nobody knows.
    /// </summary>
    public long? TokensUsed => Summary switch
    {
        null => Refused && AttemptsSeen == 0 ? 0 : null,
        { Settlement: Contracts.Chat.V1.Settlement.Released } => 0,
        _ => Answered is { } usage ? usage.TotalInput() + usage.TotalOutput() : null,
    };

    /// <summary>Usage of the attempt that answered, or of the last.</summary>
    private Usage? Answered => Summary?.Attempts.LastOrDefault(attempt => attempt.Usage is not null)?.Usage;

    public RequestCompleted ToEvent(AdmittedRequest request, DateTimeOffset completedAt) => new()
    {
        RequestId = request.Identity.Id,
        Dimensions = request.Dimensions,
        RequestedModel = request.Plan.RequestedModel,
        Provider = Response?.Provider ?? "",
        Model = Response?.Model ?? "",
        Status = FailureCode ?? "ok",
        Settlement = Settlement(),
        Cost = Summary?.Cost is { Amount.Length: > 0 } cost ? Money.FromProto(cost).Amount : 0m,
        AttemptCount = Summary?.Attempts.Count ?? AttemptsSeen,
        Streamed = request.Streamed,
        ClientGone = ClientGone,
        Simulated = Response?.Simulated ?? request.Simulated,
        Cache = request.Cache.Name,
        Baseline = BaselineOf(request),
        CompletedAt = completedAt,
        TimeToFirstTokenMs = TimeToFirstToken?.TotalMilliseconds,
    };

    // A hit is compared with what its answer had cost; every other request with what its route's baseline would have cost for the same usage.
    private decimal? BaselineOf(AdmittedRequest request) =>
        request.Cache is CacheUse.Hit { Answer.Summary.Cost: { Amount.Length: > 0 } spared }
            ? Money.FromProto(spared).Amount
            : Answered is { } usage ? request.Basis?.Baseline?.CostOf(usage, request.Identity.StartedAt)?.Amount : null;

    private string Settlement() => Summary?.Settlement switch
    {
        Contracts.Chat.V1.Settlement.Exact or Contracts.Chat.V1.Settlement.Released => SettlementNames.Of(Summary!.Settlement),
        // Attempts are announced before they begin: a refusal without one has cost nothing.
        null when Refused && AttemptsSeen == 0 => "released",
        _ => "estimated",
    };
}
