using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Explanation;
using Orchestration.Routing.Tests.Policy;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Explanation;

public sealed class DryRunTests
{
    [Theory]
    [InlineData("prefer: cheap", "deepseek/deepseek-flash")]
    [InlineData("prefer: best", "openai/gpt-5.4")]
    public void A_route_that_chooses_by_score_is_planned_by_quality_and_price(string choice, string model)
    {
        var scored = TableSamples.Sample(PolicySamples.With("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", $"{choice}\n    chain: [openai/gpt-4.1, deepseek/deepseek-flash, openai/gpt-5.4]"));

        var run = Run(scored.Table, "plain", "");

        (run.Model, run.Problem).ShouldBe((model, "the route chooses by score; quality and price decide here, live figures do not"));
    }

    [Fact]
    public void Best_takes_no_lesser_model_for_a_simple_request_because_it_is_cheap()
    {
        var shipped = TableSamples.Shipped().Table;

        var taken = shipped.Deployments[Run(shipped, "auto:best", "simple").Deployment];

        var pool = shipped.Routes["auto:best"].ClassChains["simple"].Deployments.Select(id => shipped.Deployments[id]);
        taken.Quality.Simple.ShouldBe(pool.Max(candidate => candidate.Quality.Simple));
    }

    // What the other table does tells what this one does: it has no such route.
    private static PlannedAnswer Run(RouteTable table, string route, string requestClass)
    {
        var request = new SampleRequest { Model = route, RequestClass = requestClass, Currency = "CNY", Usage = new Usage { InputTokens = 1_000, OutputTokens = 500 } };
        return new DryRun(new RouteTable(), table, TableSamples.Now).Run([request]).Moved.ShouldHaveSingleItem().After;
    }
}
