using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class UsageFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    [Fact]
    public async Task U33_missing_usage_is_counted_by_us()
    {
        var run = await Asked(OpenAIWire.Finish, OpenAIWire.Done).AnswersAsync("estimated");

        (run.Completed[0].Usage.Input, run.Completed[0].Usage.Output > 0).ShouldBe((11, true));
    }

    [Fact]
    public async Task U34_usage_of_zero_stays_zero()
    {
        var run = await Asked(OpenAIWire.Finish, Usage(0, 0), OpenAIWire.Done).AnswersAsync("exact");

        (run.Completed[0].Usage.Input, run.Completed[0].Usage.Output, run.Completed[0].Cost).ShouldBe((0, 0, 0m));
    }

    [Fact]
    public async Task U35_last_of_several_cumulative_reports_counts()
    {
        var run = await Asked(Usage(1000, 1), Usage(1000, 2), OpenAIWire.Finish, Usage(1000, 7), OpenAIWire.Done).AnswersAsync("exact");

        (run.Completed[0].Usage.Input, run.Completed[0].Usage.Output).ShouldBe((1000, 7));
    }

    [Fact]
    public async Task U35_report_beside_empty_or_absent_choices_is_read()
    {
        var run = await Asked(OpenAIWire.Finish, """{"id":"r-1","usage":{"prompt_tokens":9,"completion_tokens":3}}""", """{"choices":null,"usage":null}""", OpenAIWire.Done).AnswersAsync("exact");

        (run.Completed[0].Usage.Input, run.Completed[0].Usage.Output).ShouldBe((9, 3));
    }

    [Fact]
    public async Task U35_report_before_an_error_is_billed()
    {
        var run = await Asked(Usage(1000, 400), OpenAIWire.Error("server_error")).RunAsync();

        run.Answer.Outcomes.ShouldBe([AttemptOutcome.Broken]);
        run.Completed[0].Usage.Input.ShouldBe(1000);
        run.Completed[0].Usage.Output.ShouldBeGreaterThanOrEqualTo(400);
    }

    [Fact]
    public async Task U35_cumulative_reports_of_anthropic_are_joined()
    {
        var run = await new FaultCase(host).Asks(
            AnthropicWire.Answer([AnthropicWire.Start, .. AnthropicWire.Text(0, "Hello"), AnthropicWire.End("end_turn"), AnthropicWire.Stop]),
            vendor: "anthropic",
            protocol: Protocol.AnthropicMessages).AnswersAsync("exact");

        (run.Completed[0].Usage.Input, run.Completed[0].Usage.Output).ShouldBe((1000, 500));
    }

    [Theory]
    [InlineData("incomplete", "exact")]
    [InlineData("failed", "estimated")]
    public async Task U35_report_of_any_terminal_event_of_responses_is_read(string ending, string settlement)
    {
        string[] events =
        [
            """{"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","model":"up-model","output":[]}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","status":"in_progress","content":[]}}""",
            """{"type":"response.content_part.added","item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}""",
            """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello"}""",
            """{"type":"response.ENDING","response":{"id":"resp_1","object":"response","status":"ENDING","model":"up-model","error":ERROR,"incomplete_details":{"reason":"max_output_tokens"},"output":[],"usage":{"input_tokens":900,"output_tokens":300,"total_tokens":1200}}}"""
                .Replace("ENDING", ending, StringComparison.Ordinal)
                .Replace("ERROR", ending == "failed" ? """{"code":"server_error","message":"no"}""" : "null", StringComparison.Ordinal),
        ];
        var fault = new FaultCase(host).Asks(AnthropicWire.Answer(events), protocol: Protocol.OpenaiResponses);

        var run = await fault.RunAsync();

        run.Settlements.ShouldBe([settlement]);
        (run.Completed[0].Usage.Input, run.Completed[0].Usage.Output).ShouldBe((900, 300));
    }

    [Theory]
    [InlineData(-5, 500)]
    [InlineData(1000, -1)]
    [InlineData(1000, 99_999_999_999)]
    [InlineData(9_999_999_999, 1)]
    public async Task U36_absurd_usage_is_doubted_counted_and_charged_by_our_own_measure(long prompt, long completion)
    {
        var before = FaultMetrics.OddAnswers("openai", "usage_suspect");

        var run = await Asked(OpenAIWire.Finish, Usage(prompt, completion), OpenAIWire.Done).AnswersAsync("estimated");

        run.Completed[0].Usage.Input.ShouldBeInRange(1, 1000);
        run.Completed[0].Usage.Output.ShouldBeInRange(1, 500);
        FaultMetrics.OddAnswers("openai", "usage_suspect").ShouldBe(before + 1);
        run.Log.ShouldContain(l => l.Contains("usage_suspect", StringComparison.Ordinal));
    }

    [Fact]
    public async Task U36_report_far_below_the_text_is_charged_by_the_text()
    {
        var before = FaultMetrics.OddAnswers("openai", "usage_suspect");
        string[] words = [.. Enumerable.Repeat(OpenAIWire.Content("many words and more words and many words "), 40)];

        var run = await Asked([.. words, OpenAIWire.Finish, Usage(1000, 2), OpenAIWire.Done]).AnswersAsync("estimated");

        run.Completed[0].Usage.Output.ShouldBeGreaterThan(250);
        FaultMetrics.OddAnswers("openai", "usage_suspect").ShouldBe(before + 1);
    }

    private static string Usage(long prompt, long completion) =>
        $$$"""{"id":"r-1","choices":[],"usage":{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}}}}""";

    private FaultCase Asked(params string[] rest) => new FaultCase(host, "U3x").Asks(async e =>
    {
        await e.BeginStreamAsync();
        await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hello"), .. rest]));
    });
}
