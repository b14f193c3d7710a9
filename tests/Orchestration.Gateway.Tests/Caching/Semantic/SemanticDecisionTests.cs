using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

public sealed class SemanticDecisionTests
{
    private readonly QuestionText _asked = QuestionText.Read("I want to cancel order 17")!;

    [Fact]
    public void Entry_that_conflicts_is_not_picked_however_near()
    {
        var near = new[] { Entry("I want to cancel order 18", 0.99f), Entry("please cancel order 17", 0.7f) };

        SemanticDecision.Pick(_asked, near, Evidence.None)!.Entry.ShouldBe(near[1]);
        SemanticDecision.Pick(_asked, near[..1], Evidence.None).ShouldBeNull();
    }

    [Fact]
    public void Nearest_of_those_that_do_not_conflict_is_picked()
    {
        var near = new[] { Entry("order 17 must be cancelled", 0.4f), Entry("cancel order 17", 0.8f), Entry("order 17", 0.3f) };

        SemanticDecision.Pick(_asked, near, Evidence.None)!.Entry.ShouldBe(near[1]);
    }

    [Fact]
    public void Candidate_leads_only_over_other_answers()
    {
        var alone = SemanticDecision.Pick(_asked, [Entry("cancel order 17", 0.8f)], Evidence.None)!;
        var agreed = SemanticDecision.Pick(_asked, [Entry("cancel order 17", 0.8f), Entry("please cancel order 17", 0.79f)], Evidence.None)!;
        var rivalled = SemanticDecision.Pick(_asked, [Entry("cancel order 17", 0.8f), Entry("please cancel order 17", 0.79f, "Another answer.")], Evidence.None)!;

        agreed.Around.Lead.ShouldBeGreaterThanOrEqualTo(alone.Around.Lead - 0.1f);
        (agreed.Around.Support, rivalled.Around.Support).ShouldBe((1, 0));
        rivalled.Around.Lead.ShouldBeLessThan(0.1f);
    }

    private static Neighbour Entry(string question, float cosine, string answer = "It is cancelled.") =>
        new(Guid.NewGuid(), QuestionText.Read(question)!, new AnswerGist(answer), cosine);
}
