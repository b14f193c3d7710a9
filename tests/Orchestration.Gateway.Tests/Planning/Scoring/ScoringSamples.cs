using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.Planning.Explanation;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Tests.Planning.Scoring;

/// <summary>A planner over a table of its own, and what it learns from.</summary>
internal sealed class ScoringSamples
{
    public const string Route = "scored";
    public static readonly Caller Caller = new("acme", "default", "key", "USD", Purpose.Unspecified);

    private readonly CurrentRouteTable _current;
    private readonly LiveStatistics _statistics;
    private readonly ClassPicker _classes = new(null!, null!, null!, null!);

    public ScoringSamples(RouteTable table)
    {
        Budgets = new LeaseBook(Time);
        _current = new CurrentRouteTable(Time);
        _current.Replace(table);
        var (usage, warm) = (new UsageStatistics(), new WarmPrompts(Time));
        _statistics = new LiveStatistics(usage, warm, Time);
        var chooser = new CandidateChooser(_current, new CandidateScorer(_statistics, usage, warm, Budgets, Time), warm);
        Planner = new Planner(_current, _classes, chooser);
        Explainer = new DecisionExplainer(_current, _classes, chooser, usage, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public LeaseBook Budgets { get; }

    public Planner Planner { get; }

    public DecisionExplainer Explainer { get; }

    /// <summary>A table with one route over deployments that differ in price per million tokens and in quality.</summary>
    public static RouteTable Table(ScoreWeights weights, params (string Id, string Price, double Quality)[] deployments)
    {
        var table = new RouteTable { Version = "t", PolicyVersion = "p", CreatedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(56)) };
        var route = new Route
        {
            Name = Route,
            Mode = "chat",
            DefaultMaxOutput = 1_000,
            Rules = new ExecutionRules { MaxAttempts = 3 },
            Choice = new ChoiceRules { Score = new ScoreRules { Weights = weights } },
        };
        foreach (var (id, price, quality) in deployments)
        {
            table.Deployments[id] = NewDeployment(id, price, quality);
            route.Chain.Add(id);
        }

        table.Routes[Route] = route;
        table.Names[Route] = new NameTarget { Route = Route };
        return table;
    }

    public static PlanningRequest Request(ulong seed = 1, RoutingHints? hints = null, RequestKeys? keys = null) => new()
    {
        Caller = Caller,
        Model = Route,
        Mode = RouteModes.Chat,
        Size = new TextSize(4_000, 0, 4_000),
        Needs = RequestNeeds.None,
        Hints = hints,
        Keys = keys ?? new RequestKeys(seed, 0, false),
    };

    public async Task<IReadOnlyList<string>> OrderAsync(PlanningRequest request) =>
        [.. (await PlanAsync(request)).Plan.Candidates.Select(candidate => candidate.Deployment.Id)];

    public async Task<PlanningOutcome.Planned> PlanAsync(PlanningRequest request) =>
        (await Planner.PlanAsync(request, CancellationToken.None)).ShouldBeOfType<PlanningOutcome.Planned>();

    public async Task<Decision> ExplainAsync(PlanningRequest request) =>
        (await Explainer.ExplainAsync(request, CancellationToken.None)).ShouldBeOfType<ExplainOutcome.Explained>().Decision;

    /// <summary>Lets a request be answered by a deployment, and the planner learn of it.</summary>
    public async Task<AdmittedRequest> AnswerAsync(PlanningRequest request, AttemptSummary attempt)
    {
        var planned = await PlanAsync(request);
        var admitted = Admitted(planned);
        _statistics.Observe(admitted, new Summary { Settlement = Contracts.Chat.V1.Settlement.Exact, Attempts = { attempt } });
        return admitted;
    }

    public AdmittedRequest Admitted(PlanningOutcome.Planned planned)
    {
        var details = new RequestDetails(RequestIdentity.Create(Time), Purpose.Chat, "", "", false, new Dictionary<string, string>());
        var attribution = Dimensions.Attribution(Caller, details, "");
        return new AdmittedRequest(
            details.Identity, "chat", planned.Plan, attribution, Dimensions.Ledger(attribution, details, planned.Plan), planned.Ceiling, BudgetHold.None, planned.EstimatedInputTokens, false, false)
        {
            Basis = planned.Basis,
        };
    }

    public static AttemptSummary Attempt(string deployment, long input = 1_000, long output = 500, long cached = 0, double firstTokenMs = 1_000, double perTokenMs = 20) => new()
    {
        Deployment = deployment,
        Model = deployment,
        Outcome = AttemptOutcome.Succeeded,
        Usage = new Usage { InputTokens = input - cached, CacheReadTokens = cached, OutputTokens = output },
        TimeToFirstToken = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(firstTokenMs)),
        Duration = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(firstTokenMs + (perTokenMs * output))),
    };

    public static AttemptSummary Failed(string deployment, FailureClass failure) =>
        new() { Deployment = deployment, Model = deployment, Outcome = AttemptOutcome.Failed, Failure = new Failure { FailureClass = failure } };

    public static Deployment NewDeployment(string id, string price, double quality) => new()
    {
        Id = id,
        Provider = "vendor-" + id,
        Model = id,
        UpstreamModel = id,
        BaseUrl = "https://upstream.invalid/v1",
        Region = "intl",
        ContextWindow = 100_000,
        MaxOutput = 8_192,
        Capabilities = new Capabilities { Streaming = true },
        Quality = new QualityPrior { Simple = quality, Moderate = quality, Complex = quality },
        Price = new PriceRecord
        {
            PriceId = id, Model = id, Currency = "USD", Region = "any",
            Tiers = { new PriceTier { Input = price, Output = price, CacheRead = "0" } },
        },
    };
}
