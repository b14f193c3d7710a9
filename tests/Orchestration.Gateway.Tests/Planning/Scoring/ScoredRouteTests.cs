using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Planning.Scoring;
using static Orchestration.Gateway.Tests.Planning.Scoring.ScoringSamples;
using Money = Orchestration.Contracts.Pricing.V1.Money;

namespace Orchestration.Gateway.Tests.Planning.Scoring;

public sealed class ScoredRouteTests
{
    private static readonly ScoreWeights ByPrice = new() { Economy = 1 };
    private static readonly ScoreWeights ByQuality = new() { Quality = 1 };

    [Fact]
    public async Task Weights_decide_and_the_rest_follows_as_failover()
    {
        (string, string, double)[] models = [("strong", "10", 0.9), ("small", "0.1", 0.5), ("middle", "1", 0.7)];

        (await new ScoringSamples(Table(ByPrice, models)).OrderAsync(Request())).ShouldBe(["small", "middle", "strong"]);
        (await new ScoringSamples(Table(ByQuality, models)).OrderAsync(Request())).ShouldBe(["strong", "middle", "small"]);
    }

    [Fact]
    public async Task A_chain_stays_an_order()
    {
        var table = Table(ByPrice, ("dear", "10", 0.1), ("cheap", "1", 0.9));
        table.Routes[ScoringSamples.Route].Choice = null;

        (await new ScoringSamples(table).OrderAsync(Request())).ShouldBe(["dear", "cheap"]);
    }

    [Fact]
    public async Task Equals_take_turns_by_seed_and_one_seed_always_meets_the_same()
    {
        var samples = new ScoringSamples(Table(ByPrice, [.. Enumerable.Range(0, 4).Select(i => ($"d{i}", "1", 0.5))]));
        var first = new Dictionary<string, int>();
        for (var seed = 0UL; seed < 4_000; seed++)
        {
            var order = await samples.OrderAsync(Request(seed * 0x9E3779B97F4A7C15));
            first[order[0]] = first.GetValueOrDefault(order[0]) + 1;
        }

        first.Values.ShouldAllBe(count => count > 900 && count < 1_100);
        (await samples.OrderAsync(Request(7))).ShouldBe(await samples.OrderAsync(Request(7)));
    }

    [Fact]
    public async Task What_fails_falls_back_and_is_forgiven_with_time()
    {
        var samples = new ScoringSamples(Table(new ScoreWeights { Economy = 1, Health = 1 }, ("cheap", "1", 0.5), ("dear", "1.5", 0.5)));
        for (var i = 0; i < 10; i++)
            await samples.AnswerAsync(Request(), Failed("cheap", FailureClass.ProviderOverloaded));

        (await samples.OrderAsync(Request()))[0].ShouldBe("dear");
        samples.Time.Advance(TimeSpan.FromMinutes(10));
        (await samples.OrderAsync(Request()))[0].ShouldBe("cheap");
    }

    [Fact]
    public async Task A_mistake_of_the_request_is_no_fault_of_the_deployment()
    {
        var samples = new ScoringSamples(Table(new ScoreWeights { Economy = 1, Health = 10 }, ("cheap", "1", 0.5), ("dear", "1.5", 0.5)));
        for (var i = 0; i < 10; i++)
            await samples.AnswerAsync(Request(), Failed("cheap", FailureClass.ProviderInvalidRequest));

        (await samples.OrderAsync(Request()))[0].ShouldBe("cheap");
    }

    [Fact]
    public async Task Rate_limits_count_by_themselves()
    {
        var samples = new ScoringSamples(Table(new ScoreWeights { Limits = 1 }, ("limited", "1", 0.5), ("free", "1", 0.5)));
        await samples.AnswerAsync(Request(), Failed("limited", FailureClass.ProviderRateLimited));

        for (var seed = 0UL; seed < 20; seed++)
            (await samples.OrderAsync(Request(seed)))[0].ShouldBe("free");
    }

    [Fact]
    public async Task The_faster_one_wins_once_it_is_known()
    {
        var samples = new ScoringSamples(Table(new ScoreWeights { Latency = 1 }, ("slow", "1", 0.5), ("fast", "1", 0.5)));
        for (var i = 0; i < 5; i++)
        {
            await samples.AnswerAsync(Request(), Attempt("slow", firstTokenMs: 4_000));
            await samples.AnswerAsync(Request(), Attempt("fast", firstTokenMs: 200, perTokenMs: 5));
        }

        for (var seed = 0UL; seed < 20; seed++)
            (await samples.OrderAsync(Request(seed)))[0].ShouldBe("fast");
    }

    [Fact]
    public async Task Long_answers_make_a_model_dearer_than_its_rate_says()
    {
        var samples = new ScoringSamples(Table(ByPrice, ("wordy", "1", 0.5), ("terse", "1.5", 0.5)));
        (await samples.OrderAsync(Request()))[0].ShouldBe("wordy");
        for (var i = 0; i < 30; i++)
        {
            await samples.AnswerAsync(Request(), Attempt("wordy", output: 4_000));
            await samples.AnswerAsync(Request(), Attempt("terse", output: 200));
        }

        (await samples.OrderAsync(Request()))[0].ShouldBe("terse");
        var wordy = (await samples.ExplainAsync(Request())).Candidates.Single(candidate => candidate.Deployment == "wordy");
        wordy.Expected.OutputTokens.ShouldBeInRange(3_400, 4_000);
        wordy.Expected.OutputSamples.ShouldBe(30);
        wordy.Expected.OutputError.ShouldBeInRange(0.01, 0.5);
    }

    [Fact]
    public async Task Prompts_are_corrected_by_what_their_tokenizer_turned_out_to_make_of_them()
    {
        var samples = new ScoringSamples(Table(ByPrice, ("gpt-5-a", "1", 0.5)));
        var before = (await samples.ExplainAsync(Request())).Candidates[0].Expected;
        for (var i = 0; i < 40; i++)
            await samples.AnswerAsync(Request(), Attempt("gpt-5-a", input: before.InputTokens * 2));

        var after = (await samples.ExplainAsync(Request())).Candidates[0].Expected;
        before.PromptFactor.ShouldBe(1);
        after.PromptFactor.ShouldBeInRange(1.7, 2);
        after.PromptSamples.ShouldBe(40);
        after.PromptError.ShouldBeInRange(0.01, 0.5);
    }

    [Fact]
    public async Task A_warm_prompt_draws_its_like_until_it_is_cold()
    {
        var samples = new ScoringSamples(Table(new ScoreWeights { Affinity = 1, Economy = 0.1 }, ("warm", "2", 0.5), ("cold", "1", 0.5)));
        var keys = new RequestKeys(1, Affinity: 42, OfSession: false);
        await samples.AnswerAsync(Request(keys: keys), Attempt("warm", cached: 800));
        await samples.AnswerAsync(Request(keys: keys), Attempt("warm", cached: 800));

        (await samples.OrderAsync(Request(keys: keys)))[0].ShouldBe("warm");
        (await samples.OrderAsync(Request()))[0].ShouldBe("cold");
        (await samples.ExplainAsync(Request(keys: keys))).Candidates[0].Expected.CachedInputTokens.ShouldBeGreaterThan(100);
        samples.Time.Advance(TimeSpan.FromMinutes(6));
        (await samples.OrderAsync(Request(keys: keys)))[0].ShouldBe("cold");
    }

    [Fact]
    public async Task A_sticky_session_stays_where_it_was_answered()
    {
        var table = Table(ByPrice, ("cheap", "1", 0.5), ("dear", "2", 0.5));
        table.Routes[ScoringSamples.Route].Choice.Sticky = true;
        var samples = new ScoringSamples(table);
        var session = new RequestKeys(9, Affinity: 9, OfSession: true);
        await samples.AnswerAsync(Request(keys: session), Attempt("dear"));
        samples.Time.Advance(TimeSpan.FromMinutes(30));

        (await samples.OrderAsync(Request(keys: session))).ShouldBe(["dear", "cheap"]);
        (await samples.OrderAsync(Request(keys: session with { OfSession = false })))[0].ShouldBe("cheap");
    }

    [Fact]
    public async Task A_cost_cap_leaves_out_what_is_dearer_unless_all_is()
    {
        var samples = new ScoringSamples(Table(ByQuality, ("dear", "100", 0.9), ("cheap", "1", 0.5)));

        (await samples.OrderAsync(Request(hints: Cap("0.01")))).ShouldBe(["cheap"]);
        (await samples.OrderAsync(Request(hints: Cap("0.000001")))).ShouldBe(["dear", "cheap"]);
    }

    [Fact]
    public async Task A_deadline_leaves_out_what_is_slower()
    {
        var samples = new ScoringSamples(Table(ByQuality, ("slow", "1", 0.9), ("fast", "1", 0.5)));
        for (var i = 0; i < 40; i++)
            await samples.AnswerAsync(Request(), Attempt("fast", firstTokenMs: 100, perTokenMs: 1));

        (await samples.OrderAsync(Request(hints: new RoutingHints { Deadline = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)) }))).ShouldBe(["fast"]);
    }

    [Fact]
    public async Task Money_that_runs_out_makes_the_price_count()
    {
        var samples = new ScoringSamples(Table(new ScoreWeights { Quality = 1, Budget = 1 }, ("strong", "10", 0.9), ("small", "0.1", 0.6)));
        (await samples.OrderAsync(Request()))[0].ShouldBe("strong");
        var budget = Guid.CreateVersion7().ToString("D");
        var scope = new SpendScope("acme", "default", "key", "USD", false, "");
        var grant = new LeaseGrant { BudgetIds = { budget } };
        grant.Leases.Add(new GrantedLease { LeaseId = Guid.CreateVersion7().ToString("D"), BudgetId = budget, Amount = "1", Left = "0.5", TimeLeft = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)) });
        samples.Budgets.Enter(grant, new BudgetHold(scope, 0), samples.Time.GetTimestamp());

        (await samples.OrderAsync(Request()))[0].ShouldBe("small");
    }

    [Fact]
    public async Task An_explanation_tells_the_order_that_is_planned_and_its_terms()
    {
        var table = Table(new ScoreWeights { Quality = 2, Economy = 1, Latency = 1 }, ("a", "3", 0.9), ("b", "1", 0.7), ("c", "0.2", 0.4));
        table.Deployments["d"] = NewDeployment("d", "1", 0.9);
        table.Deployments["d"].ContextWindow = 10;
        table.Routes[ScoringSamples.Route].Chain.Add("d");
        table.Routes[ScoringSamples.Route].Baseline = NewDeployment("base", "30", 1);
        var samples = new ScoringSamples(table);

        var decision = await samples.ExplainAsync(Request());

        decision.Candidates.Where(candidate => candidate.Rank > 0).Select(candidate => candidate.Deployment).ShouldBe(await samples.OrderAsync(Request()));
        foreach (var candidate in decision.Candidates.Where(candidate => candidate.Rank > 0))
            candidate.Terms.Sum(term => term.Value * term.Weight).ShouldBe(candidate.Score, 1e-9);
        decision.Candidates.Single(candidate => candidate.Rank == 0).DropReason.ShouldContain("context window of 10");
        decision.Baseline.ShouldBe("vendor-base/base");
        var cheapest = decision.Candidates.Single(candidate => candidate.Deployment == "c");
        decimal.Parse(decision.BaselineCost.Amount, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(150 * decimal.Parse(cheapest.ExpectedBilled.Amount, System.Globalization.CultureInfo.InvariantCulture));
        decision.Explanation.ShouldContain("is asked first");
        decision.Explanation.ShouldContain("The baseline vendor-base/base would cost");
        decision.Explanation.ShouldContain("d is left out");
    }

    [Fact]
    public async Task Only_so_many_candidates_are_carried_to_Providers()
    {
        var samples = new ScoringSamples(Table(ByPrice, [.. Enumerable.Range(1, 200).Select(i => ($"d{i}", $"{i}", 0.5))]));

        (await samples.OrderAsync(Request())).ShouldBe(["d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"]);
    }

    private static RoutingHints Cap(string amount) => new() { CostCap = new Money { Amount = amount, Currency = "USD" } };
}
