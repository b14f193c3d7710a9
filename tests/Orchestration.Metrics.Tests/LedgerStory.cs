using System.Diagnostics;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Recording;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Metrics.Tests;

/// <summary>A request with one attempt, told by its four events, as gateway and providers write them.</summary>
internal sealed class LedgerStory
{
    public const string Price = """
        {"priceId":"simulated/small:USD:any@2026-09-01","model":"small","currency":"USD","region":"any",
         "tiers":[{"input":"0.14","output":"0.28","cacheRead":"0.028"}],"confidence":"high"}
        """;

    private LedgerStory(LedgerDimensions dimensions, Guid requestId, Guid attemptId)
    {
        Dimensions = dimensions;
        RequestId = requestId;
        AttemptId = attemptId;
    }

    public LedgerDimensions Dimensions { get; }

    public Guid RequestId { get; }

    public Guid AttemptId { get; }

    public string TraceId { get; } = ActivityTraceId.CreateRandom().ToHexString();

    public DateTimeOffset StartedAt => Dimensions.RequestStartedAt;

    /// <summary>The four events: admitted, started, finished, completed.</summary>
    public IReadOnlyList<LedgerEvent> Events => _events ??= [Wrap(Admitted), Wrap(Started), Wrap(Finished), Wrap(Completed)];

    public RequestAdmitted Admitted => new()
    {
        RequestId = RequestId,
        Dimensions = Dimensions,
        RequestedModel = "auto",
        Streamed = true,
        Simulated = false,
        Reserved = 0.5m,
        LeaseSlices = [new LeaseSlice { LeaseId = RequestId, Amount = 0.5m }],
    };

    public AttemptStarted Started => new()
    {
        AttemptId = AttemptId,
        RequestId = RequestId,
        Ordinal = 0,
        Dimensions = Dimensions,
        Target = Target,
        StartedAt = StartedAt.AddMilliseconds(2),
        Reserved = 0.3m,
    };

    public AttemptCompleted Finished => new()
    {
        AttemptId = AttemptId,
        RequestId = RequestId,
        Ordinal = 0,
        Dimensions = Dimensions,
        Target = Target,
        Outcome = "succeeded",
        FailureCode = "",
        ProviderStatus = 200,
        Usage = new TokenCounts { Input = 100, CacheRead = 20, CacheWrite = 3, CacheWrite1H = 4, AudioInput = 5, Output = 60, Reasoning = 7, AudioOutput = 8, SearchUnits = 9 },
        Settlement = "exact",
        Cost = 0.000031360000001m,
        CostCurrency = "USD",
        Billed = 0.000223m,
        StartedAt = StartedAt.AddMilliseconds(2),
        TimeToFirstTokenMs = 120.5,
        DurationMs = 900,
        Thinking = false,
        ServiceTier = "standard",
    };

    public RequestCompleted Completed => new()
    {
        RequestId = RequestId,
        Dimensions = Dimensions,
        RequestedModel = "auto",
        Provider = "simulated",
        Model = "small",
        Status = "ok",
        Settlement = "exact",
        Cost = 0.000223m,
        Baseline = 0.001m,
        AttemptCount = 1,
        Streamed = true,
        ClientGone = false,
        Simulated = true,
        Cache = "miss",
        CompletedAt = StartedAt.AddSeconds(1),
        TimeToFirstTokenMs = 123,
    };

    private static AttemptTarget Target => new()
    {
        Deployment = "simulated-small",
        Provider = "simulated",
        Model = "small",
        Region = "any",
        Simulated = true,
        Price = Price,
        Rate = 7.1234m,
        RateAsOf = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero),
    };

    private IReadOnlyList<LedgerEvent>? _events;

    public static LedgerStory Begin(string tenantId = "acme", DateTimeOffset? startedAt = null)
    {
        var moment = startedAt ?? TimeProvider.System.GetUtcNow();
        var dimensions = new LedgerDimensions
        {
            TenantId = tenantId,
            ProjectId = "web",
            KeyId = "key1",
            EndUser = "0123456789abcdef0123456789abcdef",
            SessionId = "session-1",
            Purpose = "chat",
            Route = "auto",
            RequestClass = "simple",
            PolicyVersion = "7",
            Currency = "CNY",
            // Postgres keeps microseconds.
            RequestStartedAt = new DateTimeOffset(moment.Ticks / 10 * 10, TimeSpan.Zero),
            Tags = new Dictionary<string, string> { ["team"] = "搜索", ["quote"] = "\"" },
        };
        return new LedgerStory(dimensions, Guid.CreateVersion7(moment), Guid.CreateVersion7(moment));
    }

    /// <summary>An envelope as the outbox makes it, told from the request's trace.</summary>
    public LedgerEvent Wrap<TPayload>(TPayload payload) where TPayload : notnull =>
        LedgerEvents.Wrap(payload, StartedAt.AddMilliseconds(5)) with
        {
            TraceParent = $"00-{TraceId}-{ActivitySpanId.CreateRandom().ToHexString()}-01",
        };
}

internal static class LedgerStoryExtensions
{
    public static List<SequencedEvent> Sequenced(this IEnumerable<LedgerEvent> events) =>
        [.. events.Select((item, index) => new SequencedEvent("gateway-0", index, item))];
}
