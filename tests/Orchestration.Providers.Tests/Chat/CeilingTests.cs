using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

public sealed class CeilingTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Stream_that_runs_past_its_limit_is_cut_at_the_ceiling()
    {
        var words = OpenAIWire.AsBody(Enumerable.Repeat(OpenAIWire.Content("words without end and "), 5));
        var url = fixture.Upstream.Script("runaway", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendDataAsync(OpenAIWire.Role);
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(words);
        });
        var start = Start("0.002", Plans.Candidate("runaway", url));
        start.Request.MaxOutputTokens = 20;
        start.Plan.Candidates[0].WorstCase = Cny("0.001");

        var answer = await Answer.OfAsync(fixture, start);

        (answer.Error!.FailureClass, answer.Error.Code).ShouldBe((FailureClass.CostCeiling, "cost_ceiling"));
        answer.Count(ChatEvent.EventOneofCase.Finish).ShouldBe(0);
        answer.Outcomes.ShouldBe([AttemptOutcome.Broken]);
        // 0.002 CNY are 142 output tokens; the cut comes within one read of them.
        answer.Summary.Attempts[0].Usage.OutputTokens.ShouldBeInRange(130, 250);
        fixture.Completed(answer.RequestId).Single().Settlement.ShouldBe("estimated");
    }

    [Fact]
    public async Task Answer_within_its_ceiling_is_not_cut()
    {
        var url = fixture.Upstream.Script("modest", OpenAIWire.AnswerAsync);

        var answer = await Answer.OfAsync(fixture, Start("0.014", Plans.Candidate("modest", url)));

        answer.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Candidate_that_could_cost_more_than_is_left_is_skipped()
    {
        var dear = fixture.Upstream.Script("dear", OpenAIWire.AnswerAsync);
        var cheap = fixture.Upstream.Script("cheap", OpenAIWire.AnswerAsync);
        var start = Start("0.02", Plans.Candidate("dear", dear), Plans.Candidate("cheap", cheap));
        start.Plan.Candidates[0].WorstCase = Cny("0.03");

        var answer = await Answer.OfAsync(fixture, start);

        answer.Summary.Attempts.Select(a => a.Deployment).ShouldBe(["cheap"]);
        fixture.Upstream.Requests("dear").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_failed_attempts_cost_counts_towards_the_ceiling()
    {
        var billed = fixture.Upstream.Script("billed", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendDataAsync(OpenAIWire.Role);
        });
        var next = fixture.Upstream.Script("billed-next", OpenAIWire.AnswerAsync);
        var start = Start("0.02", Plans.Candidate("billed", billed), Plans.Candidate("billed-next", next));
        start.EstimatedInputTokens = 2000;

        var answer = await Answer.OfAsync(fixture, start);

        // 2000 tokens cost 0.014 CNY, so 0.006 are left and the next one's worst case of 0.01 does not fit.
        answer.Summary.Cost.Amount.ShouldBe("0.014");
        answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        fixture.Upstream.Requests("billed-next").ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_sent_when_every_candidate_is_too_dear()
    {
        var url = fixture.Upstream.Script("all-dear", OpenAIWire.AnswerAsync);

        var answer = await Answer.OfAsync(fixture, Start("0.009", Plans.Candidate("all-dear", url)));

        answer.Error!.FailureClass.ShouldBe(FailureClass.CostCeiling);
        answer.Summary.Attempts.ShouldBeEmpty();
        answer.Summary.Settlement.ShouldBe(Settlement.Released);
        fixture.Ledger(answer.RequestId).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deployment_without_a_usable_price_is_never_asked()
    {
        var url = fixture.Upstream.Script("unpriced", OpenAIWire.AnswerAsync);
        var start = Start("1", Plans.Candidate("unpriced", url));
        start.Plan.Candidates[0].Deployment.Price.Tiers[0].Output = "free";

        var answer = await Answer.OfAsync(fixture, start);

        answer.Error!.FailureClass.ShouldBe(FailureClass.PriceUnknown);
        fixture.Upstream.Requests("unpriced").ShouldBeEmpty();
    }

    private static Start Start(string ceiling, params Candidate[] candidates)
    {
        var start = Plans.Start(Plans.Plan(candidates));
        start.Ceiling = Cny(ceiling);
        return start;
    }

    private static Money Cny(string amount) => new() { Amount = amount, Currency = "CNY" };
}
