using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>A small route table with one of everything.</summary>
internal static class TestTable
{
    public const string Version = "table-7";
    public const string Policy = "policy-3";

    public static RouteTable Create()
    {
        var table = new RouteTable
        {
            Version = Version,
            PolicyVersion = Policy,
            CreatedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(56)),
        };
        Add(table, Deployment("d-strong", "strong", new Capabilities { Tools = true, Vision = true, JsonObject = true, JsonSchema = true, Streaming = true }));
        Add(table, Deployment("d-small", "small", new Capabilities { Streaming = true }));
        var unpriced = Deployment("d-unpriced", "unpriced", new Capabilities());
        unpriced.Price = null;
        Add(table, unpriced);
        var tiny = Deployment("d-tiny", "tiny", new Capabilities());
        tiny.ContextWindow = 16;
        Add(table, tiny);
        var embedder = Deployment("d-embed", "embed", new Capabilities());
        embedder.EmbeddingDimensions = 3;
        Add(table, embedder);
        var ranker = Deployment("d-rank", "ranker", new Capabilities());
        ranker.Price.Tiers[0] = new PriceTier { Input = "0", Output = "0", PerSearch = "0.002" };
        Add(table, ranker);

        var mainland = Deployment("d-mainland", "mainland", new Capabilities { Streaming = true });
        mainland.Region = "cn";
        Add(table, mainland);

        AddRoute(table, "test/chat", "chat", "d-strong", "d-small");
        AddRoute(table, "test/small", "chat", "d-small");
        AddRoute(table, "test/unpriced", "chat", "d-unpriced");
        AddRoute(table, "test/tiny", "chat", "d-tiny");
        AddRoute(table, "test/embed", "embedding", "d-embed");
        AddRoute(table, "test/rerank", "rerank", "d-rank");
        AddRoute(table, "test/anywhere", "chat", "d-small", "d-mainland");
        AddCached(table, "test/cached", new CacheRules { ExactTtl = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) });
        AddCached(table, "test/cached-for-one", new CacheRules { ExactTtl = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)), Tenants = { "somebody" } });
        AddCached(table, "test/cached-tools", new CacheRules { ExactTtl = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)), ToolCalls = true });
        AddCached(table, "test/cached-embed", new CacheRules { ExactTtl = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) }, "embedding", "d-embed");
        AddCached(table, "test/cached-rerank", new CacheRules { ExactTtl = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) }, "rerank", "d-rank");
        AddCached(table, "test/queued", null);
        table.Routes["test/queued"].Queue = new QueueRules { Longest = Duration.FromTimeSpan(TimeSpan.FromSeconds(20)), Waiting = 2 };
        AddCached(table, "test/semantic", new CacheRules { Semantic = Semantic(SemanticMode.Serve, "lexical") });
        AddCached(table, "test/semantic-shadow", new CacheRules { Semantic = Semantic(SemanticMode.Shadow, "lexical") });
        AddCached(table, "test/semantic-model", new CacheRules { Semantic = Semantic(SemanticMode.Shadow, "embedding") });
        table.Residency["bound"] = new Residency { Regions = { "cn" } };
        AddAuto(table);
        table.Names["old-chat"] = new NameTarget
        {
            Route = "test/chat",
            Warnings = { new Warning { Code = "model_retired", Param = "model", Message = "'old-chat' is retired." } },
        };
        table.Names["embedding"] = new NameTarget { Route = "test/embed" };
        table.Names["rerank"] = new NameTarget { Route = "test/rerank" };
        table.Names["no-route"] = new NameTarget { Route = "gone" };
        return table;
    }

    public static SemanticRules Semantic(SemanticMode mode, string embedder) => new()
    {
        Mode = mode,
        FalseHitBudget = 0.01,
        Ttl = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)),
        Embedder = embedder,
        Recheck = 0,
        MaxEntries = 1_000,
        Deadline = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
    };

    private static Deployment Deployment(string id, string model, Capabilities capabilities) => new()
    {
        Id = id,
        Provider = "test",
        Model = model,
        UpstreamModel = model,
        BaseUrl = "https://upstream.invalid/v1",
        Region = "intl",
        Protocol = Protocol.OpenaiChat,
        ContextWindow = 100_000,
        MaxOutput = 8_192,
        Capabilities = capabilities,
        Simulated = true,
        Price = new PriceRecord
        {
            PriceId = $"test/{model}:USD:any@1",
            Model = model,
            Currency = "USD",
            Region = "any",
            Tiers = { new PriceTier { Input = "1", Output = "2" } },
        },
    };

    private static void Add(RouteTable table, Deployment deployment) => table.Deployments[deployment.Id] = deployment;

    private static void AddRoute(RouteTable table, string name, string mode, params string[] chain)
    {
        table.Routes[name] = new Route
        {
            Name = name,
            Mode = mode,
            DefaultMaxOutput = 1_000,
            Rules = new ExecutionRules { MaxAttempts = 3, TotalDeadline = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)) },
            Chain = { chain },
        };
        table.Names[name] = new NameTarget { Route = name };
        table.Models.Add(new ListedModel { Id = name, OwnedBy = "test", Simulated = true, Mode = mode, ContextWindow = 100_000, MaxOutput = 8_192 });
    }

    // Not listed: what GET /v1/models shows is tested by itself.
    private static void AddCached(RouteTable table, string name, CacheRules? rules, string mode = "chat", string deployment = "d-strong")
    {
        table.Routes[name] = new Route { Name = name, Mode = mode, DefaultMaxOutput = 1_000, Rules = new ExecutionRules(), Chain = { deployment }, CacheEpoch = 1, Cache = rules };
        table.Names[name] = new NameTarget { Route = name };
    }

    private static void AddAuto(RouteTable table)
    {
        var auto = new Route { Name = "auto", Mode = "chat", DefaultMaxOutput = 500, DefaultClass = "moderate", Rules = new ExecutionRules() };
        auto.ClassChains["simple"] = new Chain { Deployments = { "d-small" } };
        auto.ClassChains["moderate"] = new Chain { Deployments = { "d-small", "d-strong" } };
        auto.ClassChains["complex"] = new Chain { Deployments = { "d-strong" } };
        table.Routes["auto"] = auto;
        table.Names["auto"] = new NameTarget { Route = "auto" };
        table.Models.Add(new ListedModel { Id = "auto", OwnedBy = "orchestration", Simulated = true, Mode = "chat" });
    }
}
