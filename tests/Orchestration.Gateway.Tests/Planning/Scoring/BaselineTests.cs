using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Execution;
using static Orchestration.Gateway.Tests.Planning.Scoring.ScoringSamples;
using Money = Orchestration.Contracts.Pricing.V1.Money;

namespace Orchestration.Gateway.Tests.Planning.Scoring;

/// <summary>What a request would have cost at its route's baseline stands beside what it cost.</summary>
public sealed class BaselineTests
{
    [Fact]
    public async Task Same_usage_is_priced_at_the_baseline()
    {
        // 1,000 tokens in and 500 out at 30 USD per million.
        (await BaselineOfAsync("30", Attempt("cheap", input: 1_000, output: 500))).ShouldBe(0.045m);
    }

    [Fact]
    public async Task Only_the_attempt_that_answered_would_have_been_made() =>
        (await BaselineOfAsync("30", Failed("cheap", FailureClass.ProviderOverloaded), Attempt("cheap", input: 1_000, output: 500))).ShouldBe(0.045m);

    [Fact]
    public async Task Nothing_is_compared_when_nothing_was_used_or_nothing_declared()
    {
        (await BaselineOfAsync("30", Failed("cheap", FailureClass.ProviderOverloaded))).ShouldBeNull();
        (await BaselineOfAsync(null, Attempt("cheap"))).ShouldBeNull();
    }

    private static async Task<decimal?> BaselineOfAsync(string? price, params AttemptSummary[] attempts)
    {
        var table = Table(new ScoreWeights { Economy = 1 }, ("cheap", "1", 0.5));
        if (price is not null)
            table.Routes[ScoringSamples.Route].Baseline = NewDeployment("base", price, 1);
        var samples = new ScoringSamples(table);
        var admitted = samples.Admitted(await samples.PlanAsync(Request()));
        var ending = new RequestEnding { Summary = new Summary { Cost = new Money { Amount = "0.0015", Currency = "USD" }, Attempts = { attempts } } };
        return ending.ToEvent(admitted, samples.Time.GetUtcNow()).Baseline;
    }
}
