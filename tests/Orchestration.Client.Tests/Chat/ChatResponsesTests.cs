using Orchestration.Client.Chat;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Chat.V1;
using Usage = Orchestration.Contracts.Pricing.V1.Usage;

namespace Orchestration.Client.Tests.Chat;

public sealed class ChatResponsesTests
{
    [Fact]
    public void Disjoint_classes_add_up_to_the_totals()
    {
        var usage = ChatResponses.ToUsage(new Usage
        {
            InputTokens = 1,
            CacheReadTokens = 2,
            CacheWriteTokens = 4,
            CacheWrite1HTokens = 8,
            AudioInputTokens = 16,
            OutputTokens = 32,
            ReasoningTokens = 64,
            AudioOutputTokens = 128,
        })!;

        (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount).ShouldBe((31, 224, 255));
        (usage.CachedInputTokenCount, usage.ReasoningTokenCount).ShouldBe((2, 64));
    }

    [Fact]
    public void Missing_usage_is_not_made_up() => ChatResponses.ToUsage(null).ShouldBeNull();

    [Theory]
    [InlineData(FinishReason.Stop, "stop")]
    [InlineData(FinishReason.Length, "length")]
    [InlineData(FinishReason.ToolCalls, "tool_calls")]
    [InlineData(FinishReason.ContentFilter, "content_filter")]
    [InlineData(FinishReason.Unspecified, "stop")]
    public void Finish_reasons_are_kept(FinishReason reason, string expected) => ChatResponses.ToFinishReason(reason).Value.ShouldBe(expected);

    [Fact]
    public void Bare_completion_is_an_empty_answer()
    {
        var response = ChatResponses.From(new ChatCompletion { Choices = { new Choice() } });

        response.Text.ShouldBe("");
        response.FinishReason.ShouldBeNull();
        response.Usage.ShouldBeNull();
        response.ModelId.ShouldBeNull();
        ChatResponses.From(new ChatCompletion()).Messages.Single().Contents.ShouldBeEmpty();
    }

    [Fact]
    public void First_of_several_answers_is_told_and_the_others_can_be_reached()
    {
        var completion = Answers.Completion(Answers.Text("first"));
        completion.Choices.Insert(0, new Choice { Index = 1, Message = new Message { Parts = { Answers.Text("second") } } });

        var response = ChatResponses.From(completion);

        response.Text.ShouldBe("first");
        ((ChatCompletion)response.RawRepresentation!).Choices.Count.ShouldBe(2);
    }

    [Fact]
    public void Summary_without_cost_leaves_the_cost_open()
    {
        var properties = OrchestrationFacts.Of(requestId: null, response: null, new Summary()).ToProperties();

        properties.Keys.ShouldBe(["orchestration.attempts"]);
        OrchestrationFacts.From(properties)!.Cost.ShouldBeNull();
    }

    [Fact]
    public void Facts_come_back_as_they_went_in()
    {
        var facts = OrchestrationFacts.Of("request-1", Answers.Response, Answers.Summary);

        var read = OrchestrationFacts.From(facts.ToProperties())!;

        (read with { Warnings = facts.Warnings }).ShouldBe(facts);
        read.Warnings.ShouldBe(["The seed was dropped."]);
        OrchestrationFacts.From(new Microsoft.Extensions.AI.AdditionalPropertiesDictionary { ["other"] = 1 }).ShouldBeNull();
    }

    [Fact]
    public void Written_cache_is_told_beside_the_other_counts()
    {
        var usage = ChatResponses.ToUsage(new Usage { InputTokens = 1, CacheWriteTokens = 2, CacheWrite1HTokens = 4 })!;

        usage.AdditionalCounts![OrchestrationProperties.CacheWriteTokens].ShouldBe(6);
        ChatResponses.ToUsage(new Usage { InputTokens = 1 })!.AdditionalCounts.ShouldBeNull();
    }
}
