using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Benchmarks.Ingest;

/// <summary>Requests of a busy day: a few large tenants and many small ones, some failures, each request with one attempt.</summary>
internal sealed class IngestTraffic(string tenants, int seed)
{
    private const int Tenants = 40;
    private const string Price = """
        {"priceId":"deepseek/deepseek-chat:USD:any@2026-09-01","model":"deepseek-chat","currency":"USD","region":"any","tiers":[{"input":"0.28","output":"0.42","cacheRead":"0.028"}],"confidence":"high"}
        """;

    private static readonly string[] Providers = ["openai", "anthropic", "deepseek", "zhipu", "moonshot"];
    private static readonly string[] Classes = ["simple", "moderate", "complex"];
    private static readonly string[] Routes = ["auto", "pinned", "cheapest"];
    private readonly Random _random = new(seed);

    /// <summary>Sums of all that was told so far.</summary>
    public IngestTotals Told { get; private set; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>The events of many requests in batches of 500, as two processes tell them: endings come a batch later.</summary>
    public IEnumerable<LedgerEvent[]> Batches(int requests)
    {
        const int PerBatch = 125;
        List<LedgerEvent> late = [];
        for (var offset = 0; offset < requests; offset += PerBatch)
        {
            List<LedgerEvent> batch = [.. late];
            late.Clear();
            for (var index = offset; index < Math.Min(requests, offset + PerBatch); index++)
                Tell(batch, late);
            foreach (var chunk in batch.Chunk(500))
                yield return chunk;
        }

        foreach (var chunk in late.Chunk(500))
            yield return chunk;
    }

    private void Tell(List<LedgerEvent> first, List<LedgerEvent> last)
    {
        var now = TimeProvider.System.GetUtcNow();
        var dimensions = Dimensions(now);
        var (request, attempt) = (Guid.CreateVersion7(now), Guid.CreateVersion7(now));
        var provider = _random.Next(Providers.Length);
        var target = Target(Providers[provider], $"{Providers[provider]}-{_random.Next(3)}");
        var failed = _random.Next(50) == 0;
        var usage = new TokenCounts { Input = _random.Next(50, 4_000), CacheRead = _random.Next(1_000), Output = failed ? 0 : _random.Next(10, 1_500) };
        var cost = (usage.Input * 0.28m + usage.CacheRead * 0.028m + usage.Output * 0.42m) / 1_000_000m;
        var billed = decimal.Round(cost * target.Rate, 12);
        var duration = 200 + _random.NextDouble() * 8_000;
        first.Add(LedgerEvents.Wrap(new RequestAdmitted { RequestId = request, Dimensions = dimensions, RequestedModel = "auto", Streamed = true, Simulated = false, Reserved = 0.2m }, now));
        first.Add(LedgerEvents.Wrap(new AttemptStarted { AttemptId = attempt, RequestId = request, Ordinal = 0, Dimensions = dimensions, Target = target, StartedAt = now }, now));
        last.Add(LedgerEvents.Wrap(
            new AttemptCompleted
            {
                AttemptId = attempt, RequestId = request, Ordinal = 0, Dimensions = dimensions, Target = target,
                Outcome = failed ? "failed" : "succeeded", FailureCode = failed ? "provider_overloaded" : "", ProviderStatus = failed ? 529 : 200,
                Usage = usage, Settlement = "exact", Cost = cost, CostCurrency = "USD", Billed = billed, StartedAt = now,
                TimeToFirstTokenMs = failed ? null : duration / 5, DurationMs = duration,
            },
            now));
        last.Add(LedgerEvents.Wrap(
            new RequestCompleted
            {
                RequestId = request, Dimensions = dimensions, RequestedModel = "auto", Provider = target.Provider, Model = target.Model,
                Status = failed ? "provider_overloaded" : "ok", Settlement = "exact", Cost = billed, AttemptCount = 1, Streamed = true, ClientGone = false,
                Simulated = false, Cache = "miss", CompletedAt = now.AddMilliseconds(duration), TimeToFirstTokenMs = failed ? null : duration / 5,
            },
            now));
        Told = new IngestTotals(
            Told.Requests + 1, Told.Attempts + 1, Told.Cost + billed, Told.Billed + billed, Told.Input + usage.Input, Told.Output + usage.Output);
    }

    private LedgerDimensions Dimensions(DateTimeOffset now)
    {
        // The square makes low numbers common.
        var share = _random.NextDouble();
        var tenant = (int)(share * share * Tenants);
        var project = _random.Next(4);
        return new LedgerDimensions
        {
            TenantId = $"{tenants}{tenant}",
            ProjectId = $"project-{project}",
            KeyId = $"key-{tenant}-{project}-{_random.Next(3)}",
            EndUser = $"user-{_random.Next(400)}",
            SessionId = $"session-{_random.Next(5_000)}",
            Purpose = "chat",
            Route = Routes[_random.Next(Routes.Length)],
            RequestClass = Classes[_random.Next(Classes.Length)],
            PolicyVersion = "12",
            Currency = "CNY",
            RequestStartedAt = now,
            Tags = new Dictionary<string, string> { ["team"] = $"team-{_random.Next(6)}" },
        };
    }

    private static AttemptTarget Target(string provider, string model) => new()
    {
        Deployment = $"{model}-main",
        Provider = provider,
        Model = model,
        Region = "any",
        Simulated = false,
        Price = Price,
        Rate = 7.1m,
        RateAsOf = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero),
    };
}
