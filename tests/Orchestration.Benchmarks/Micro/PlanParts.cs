using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;
using Orchestration.Protocols;

namespace Orchestration.Benchmarks.Micro;

/// <summary>Plans of one request: by a chain of ten, and by score over two hundred models of which much was learned.</summary>
internal static class PlanParts
{
    public const string Scored = "plan: scores over 200 models";
    private const int Models = 200;
    private const int ChainLength = 10;
    private static readonly string[] Families = ["gpt-5", "deepseek", "qwen", "glm", "claude", "gemini"];

    public static IEnumerable<Func<MicroFigure>> All()
    {
        var current = new CurrentRouteTable(TimeProvider.System);
        current.Replace(Table());
        var (usage, warm) = (new UsageStatistics(), new WarmPrompts(TimeProvider.System));
        var statistics = new LiveStatistics(usage, warm, TimeProvider.System);
        Learn(statistics, usage, current.Snapshot!);
        var scorer = new CandidateScorer(statistics, usage, warm, new LeaseBook(TimeProvider.System), TimeProvider.System);
        var planner = new Planner(current, new ClassPicker(null!, null!, null!, null!), new CandidateChooser(current, scorer, warm));
        yield return () => Run(planner, current.Snapshot!, "chain", $"plan: chain of {ChainLength} models");
        yield return () => Run(planner, current.Snapshot!, "scored", Scored);
    }

    private static MicroFigure Run(Planner planner, RoutingSnapshot snapshot, string name, string title)
    {
        var (route, target) = (snapshot.FindRoute(name)!, new NameTarget { Route = name });
        var request = new PlanningRequest
        {
            Caller = new Caller("acme", "web", "key", "USD", Purpose.Chat),
            Model = name,
            Mode = RouteModes.Chat,
            Size = new TextSize(6_000, 0, 6_000, 3),
            Needs = RequestNeeds.Tools,
            Keys = new RequestKeys(7, 7, true),
        };
        return MicroLoop.Run(title, 1, () =>
        {
            if (planner.Plan(snapshot, target, route, new PickedClass("", "", null), request) is not PlanningOutcome.Planned)
                throw new InvalidOperationException("Nothing was planned.");
        });
    }

    private static void Learn(LiveStatistics statistics, UsageStatistics usage, RoutingSnapshot snapshot)
    {
        foreach (var (id, deployment) in snapshot.Table.Deployments)
        {
            statistics.DeploymentOf(id).Observe(
                new Contracts.Chat.V1.AttemptSummary
                {
                    Deployment = id,
                    Outcome = Contracts.Chat.V1.AttemptOutcome.Succeeded,
                    Usage = new Usage { InputTokens = 1_500, OutputTokens = 300 },
                    TimeToFirstToken = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(600)),
                    Duration = Duration.FromTimeSpan(TimeSpan.FromSeconds(6)),
                },
                wasWarm: false,
                statistics.Seconds);
            usage.ObservePrompt(TokenFamily.Of(deployment.Model), new TextSize(6_000, 0, 6_000, 3), 1_500);
            usage.Outputs("scored", "").Observe(deployment.Model, 300);
        }
    }

    private static RouteTable Table()
    {
        var table = new RouteTable { Version = "benchmark", PolicyVersion = "benchmark", CreatedAt = new Timestamp() };
        table.Rates.Add(new ExchangeRate { FromCurrency = "CNY", ToCurrency = "USD", Rate = "0.143", AsOf = new Timestamp() });
        var weights = new ScoreWeights { Quality = 45, Economy = 22, Latency = 8, Health = 20, Limits = 5, Affinity = 4, Budget = 4 };
        var scored = NewRoute("scored");
        scored.Choice = new ChoiceRules { Score = new ScoreRules { Prefer = "balanced", Weights = weights } };
        var chain = NewRoute("chain");
        for (var i = 0; i < Models; i++)
        {
            var deployment = NewDeployment(i);
            table.Deployments[deployment.Id] = deployment;
            scored.Chain.Add(deployment.Id);
            if (i < ChainLength)
                chain.Chain.Add(deployment.Id);
        }

        table.Routes.Add("scored", scored);
        table.Routes.Add("chain", chain);
        return table;
    }

    private static Route NewRoute(string name) => new() { Name = name, Mode = RouteModes.Chat, DefaultMaxOutput = 4_096, Rules = new ExecutionRules { MaxAttempts = 3 } };

    private static Deployment NewDeployment(int number) => new()
    {
        Id = $"vendor{number}/{Families[number % Families.Length]}-{number}@intl",
        Provider = $"vendor{number % 20}",
        Model = $"{Families[number % Families.Length]}-{number}",
        Region = "intl",
        ContextWindow = 200_000,
        MaxOutput = 32_000,
        Capabilities = new Capabilities { Tools = true, Streaming = true },
        Quality = new QualityPrior { Simple = 0.9, Moderate = 0.5 + (number % 50 / 100.0), Complex = 0.4 },
        Price = new PriceRecord
        {
            PriceId = $"price-{number}", Model = "benchmark", Currency = number % 2 == 0 ? "USD" : "CNY", Region = "any",
            Tiers =
            {
                new PriceTier { InputTokensLte = 32_000, Input = $"{1 + (number % 9)}", Output = $"{4 + (number % 20)}", CacheRead = "0.4" },
                new PriceTier { Input = "4", Output = "16", CacheRead = "0.8" },
            },
        },
    };
}
