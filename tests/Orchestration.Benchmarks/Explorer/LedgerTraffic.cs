using System.Globalization;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Requests of many customers: one that has most of them, some failures, retries, cache hits, estimates and recoveries.</summary>
internal sealed class LedgerTraffic(ExplorerPlan plan, Random random)
{
    /// <summary>Keys of each tenant, the first ones in most use.</summary>
    public const int Keys = 8;

    /// <summary>Projects of each tenant.</summary>
    public const int Projects = 4;

    private const decimal CnyRate = 7.1m;

    private static readonly string[] Routes = ["auto", "auto", "auto", "pinned", "cheapest", "fastest"];
    private static readonly string[] Classes = ["simple", "simple", "moderate", "complex", ""];
    private static readonly string[] Failures = ["rate_limited", "provider_overloaded", "provider_timeout", "content_filtered", "context_too_long"];
    private static readonly string[] PlainTags = [.. Enumerable.Range(0, 12).Select(number => $$"""{"team":"team-{{number % 6}}","stage":"{{(number < 6 ? "live" : "test")}}"}""")];
    private readonly double[] _shares = Shares(plan.Tenants);

    public static string TenantName(int tenant) => string.Create(CultureInfo.InvariantCulture, $"tenant-{tenant:00}");

    public static string KeyName(int tenant, int key) => string.Create(CultureInfo.InvariantCulture, $"key-{tenant:00}-{key:00}");

    public static string EndUserName(int tenant, int user) => string.Create(CultureInfo.InvariantCulture, $"{tenant:x8}{user:x24}");

    /// <summary>End users of a tenant that is so large.</summary>
    public int EndUsers(int tenant) => Math.Max(20, (int)(plan.Rows * Share(tenant) / 400));

    public double Share(int tenant) => _shares[tenant] - (tenant == 0 ? 0 : _shares[tenant - 1]);

    /// <summary>A request that begins then, all of it before the month ends that it is stored in.</summary>
    public GeneratedRequest Next(DateTimeOffset startedAt, DateTimeOffset monthEnd, bool open)
    {
        var share = random.NextDouble();
        var tenant = TenantOf(share);
        var key = Squared(Keys);
        var request = new GeneratedRequest
        {
            Id = IdAt(startedAt),
            StartedAt = startedAt,
            Tenant = TenantName(tenant),
            Project = $"project-{key % Projects}",
            Key = KeyName(tenant, key),
            EndUser = random.Next(5) == 0 ? "" : EndUserName(tenant, Squared(EndUsers(tenant))),
            Session = $"session-{random.Next(100_000)}",
            Purpose = random.Next(100) switch { < 90 => "chat", < 96 => "embedding", < 98 => "ingest", < 99 => "rerank", _ => "query" },
            Route = Routes[random.Next(Routes.Length)],
            RequestClass = Classes[random.Next(Classes.Length)],
            Currency = tenant % 2 == 0 ? "CNY" : "USD",
            Tags = random.Next(100) switch { 0 => $$"""{"campaign":"c-{{random.Next(500)}}"}""", < 40 => "{}", _ => PlainTags[random.Next(PlainTags.Length)] },
            TraceId = IdAt(startedAt).ToString("N"),
            Streamed = random.Next(10) < 7,
            Simulated = random.Next(100) == 0,
            Open = open,
        };
        var model = Model();
        request.RequestedModel = random.Next(10) < 6 ? "auto" : model.Name;
        if (!open)
            End(request, model, monthEnd);
        return request;
    }

    private void End(GeneratedRequest request, ModelOnSale model, DateTimeOffset monthEnd)
    {
        request.Status = random.Next(100) < 97 ? "ok" : Failures[Squared(Failures.Length)];
        request.Cache = random.Next(100) < 4 && request.Status == "ok" ? "hit" : "miss";
        var tries = request.Cache == "hit" ? 0 : random.Next(100) switch { < 92 => 1, < 99 => 2, _ => 3 };
        var settlement = random.Next(1_000) switch { 0 => "recovered", < 50 => "estimated", _ => "exact" };
        for (var ordinal = 0; ordinal < tries; ordinal++)
        {
            var last = ordinal == tries - 1;
            request.Attempts.Add(Attempt(request, last ? model : Model(), ordinal, last && request.Status == "ok", last ? settlement : "exact", monthEnd));
        }

        request.Settlement = tries == 0 ? "released" : settlement;
        request.Cost = request.Attempts.Sum(attempt => attempt.Billed);
        request.Baseline = random.Next(10) < 7 ? request.Cost * 1.8m : null;
        request.DurationMs = 5 + request.Attempts.Sum(attempt => attempt.DurationMs);
        request.FirstTokenMs = request.Status == "ok" ? request.DurationMs / 4 : null;
    }

    private GeneratedAttempt Attempt(
        GeneratedRequest request, ModelOnSale model, int ordinal, bool succeeded, string settlement, DateTimeOffset monthEnd)
    {
        var startedAt = request.StartedAt.AddMilliseconds(2 + ordinal * 700);
        var input = random.Next(50, 4_000);
        var cacheRead = random.Next(3) == 0 ? random.Next(2_000) : 0;
        var output = succeeded ? (int)(10 + 1_500 * Math.Pow(random.NextDouble(), 2)) : 0;
        var reasoning = succeeded && model.Name is "o4-mini" or "deepseek-reasoner" ? random.Next(4_000) : 0;
        var cost = succeeded ? (input * model.Input + cacheRead * model.Input / 10 + (output + reasoning) * model.Output) / 1_000_000m : 0;
        var rate = request.Currency == "CNY" ? CnyRate : 1;
        var duration = 150 + 9_000 * Math.Pow(random.NextDouble(), 3);
        return new GeneratedAttempt
        {
            Id = IdAt(startedAt < monthEnd ? startedAt : monthEnd.AddMilliseconds(-1)),
            Ordinal = ordinal,
            Model = model,
            StartedAt = startedAt,
            Succeeded = succeeded,
            FailureCode = succeeded ? "" : request.Status != "ok" ? request.Status : Failures[Squared(Failures.Length)],
            Settlement = settlement,
            Cost = cost,
            Billed = cost * rate,
            Rate = rate,
            DurationMs = duration,
            FirstTokenMs = succeeded ? duration / 5 : null,
            Input = input,
            CacheRead = cacheRead,
            Output = output,
            Reasoning = reasoning,
        };
    }

    /// <summary>A UUIDv7 of that time from this object's own chance: the system's is too good for ten million of them.</summary>
    public Guid IdAt(DateTimeOffset moment)
    {
        var (time, chance) = (moment.ToUnixTimeMilliseconds(), random.NextInt64());
        return new Guid(
            (uint)(time >> 16), (ushort)time, (ushort)(0x7000 | (chance & 0xFFF)), (byte)(0x80 | ((chance >> 12) & 0x3F)), (byte)(chance >> 18),
            (byte)(chance >> 26), (byte)(chance >> 34), (byte)(chance >> 42), (byte)(chance >> 50), (byte)random.Next(256), (byte)random.Next(256));
    }

    private ModelOnSale Model()
    {
        var left = random.NextDouble();
        foreach (var model in ModelOnSale.All)
        {
            if ((left -= model.Share) < 0)
                return model;
        }

        return ModelOnSale.All[0];
    }

    private int TenantOf(double share)
    {
        var tenant = 0;
        while (share >= _shares[tenant])
            tenant++;
        return tenant;
    }

    // The square makes low numbers common.
    private int Squared(int count)
    {
        var share = random.NextDouble();
        return (int)(share * share * count);
    }

    private static double[] Shares(int tenants)
    {
        var weights = Enumerable.Range(1, tenants).Select(rank => 1.0 / (rank * rank)).ToArray();
        var (sum, total) = (0.0, weights.Sum());
        return [.. weights.Select(weight => sum += weight / total).SkipLast(1), 1];
    }
}
