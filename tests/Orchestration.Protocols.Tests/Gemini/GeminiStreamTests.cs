using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Gemini;
using static Orchestration.Protocols.Tests.Gemini.GeminiSamples;

namespace Orchestration.Protocols.Tests.Gemini;

public sealed class GeminiStreamTests
{
    private static readonly Dictionary<string, (string Stream, string[] Events, int Candidates)> Golden = new()
    {
        ["text"] = (TextStream, TextEvents, 1),
        ["tools"] = (ToolStream, ToolEvents, 1),
        ["candidates"] = (TwoCandidates, TwoCandidatesEvents, 2),
    };

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in Golden.Keys)
        {
            foreach (var lineEnd in new[] { "\n", "\r\n", "\r" })
                data.Add(name, lineEnd);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Recorded_stream_gives_the_same_events_wherever_it_is_split(string name, string lineEnd)
    {
        var (stream, expected, candidates) = Golden[name];
        var bytes = Encoding.UTF8.GetBytes(stream.Replace("\n", lineEnd, StringComparison.Ordinal));
        for (var split = 1; split < bytes.Length; split++)
            VendorRun.OfEvents(new GeminiStreamDecoder(candidates), bytes, split, bytes.Length).Lines.ShouldBe(expected, $"split at {split}");
        VendorRun.OfEvents(new GeminiStreamDecoder(candidates), bytes, 1).Lines.ShouldBe(expected);
    }

    [Fact]
    public void Stream_that_ends_after_its_finish_reason_is_complete()
    {
        var run = Run(Parts("""{"text":"hi"}""", "STOP"));

        run.Decoder.Failure.ShouldBeNull();
        run.Lines[^1].ShouldBe("0 finish Stop STOP");
    }

    [Fact]
    public void Stream_that_ends_without_a_finish_reason_is_cut()
    {
        var run = Run(Parts("""{"text":"hi"}"""));

        run.Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        run.Lines.ShouldBe(["0.0 start Text", "0.0 'hi'", "error ProviderTruncated upstream_stream_truncated"]);
    }

    [Fact]
    public void Stream_with_fewer_candidates_than_asked_for_is_cut()
    {
        var run = VendorRun.OfEvents(new GeminiStreamDecoder(2), Stream(Parts("""{"text":"hi"}""", "STOP")));

        run.Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        run.Lines.ShouldContain("0 finish Stop STOP");
    }

    [Fact]
    public void Empty_stream_is_cut() => VendorRun.OfEvents(new GeminiStreamDecoder(), "").Lines.ShouldBe(["error ProviderTruncated upstream_stream_truncated"]);

    [Fact]
    public void Finish_that_is_repeated_on_every_chunk_ends_the_answer_once_and_only_at_its_end()
    {
        var run = Run(Parts("""{"text":"a"}""", "STOP"), Parts("""{"text":"b"}""", "STOP"), Parts("""{"functionCall":{"name":"f"}}""", "STOP"));

        run.Fold().Choices.ShouldHaveSingleItem().Message.Parts.Select(part => part.ContentCase).ShouldBe([Part.ContentOneofCase.Text, Part.ContentOneofCase.ToolCall]);
        run.Events.Where(item => item.Finish is not null).ShouldHaveSingleItem().Finish.Reason.ShouldBe(FinishReason.ToolCalls);
    }

    [Theory]
    [InlineData("STOP", FinishReason.Stop)]
    [InlineData("MAX_TOKENS", FinishReason.Length)]
    [InlineData("SAFETY", FinishReason.ContentFilter)]
    [InlineData("RECITATION", FinishReason.ContentFilter)]
    [InlineData("BLOCKLIST", FinishReason.ContentFilter)]
    [InlineData("PROHIBITED_CONTENT", FinishReason.ContentFilter)]
    [InlineData("SPII", FinishReason.ContentFilter)]
    [InlineData("IMAGE_SAFETY", FinishReason.ContentFilter)]
    [InlineData("LANGUAGE", FinishReason.Stop)]
    [InlineData("OTHER", FinishReason.Stop)]
    [InlineData("SOMETHING_NEW", FinishReason.Stop)]
    public void Word_for_the_end_is_understood_and_kept(string raw, FinishReason expected)
    {
        var finish = Run(Parts("""{"text":"a"}""", raw)).Events[^1].Finish;

        (finish.Reason, finish.RawReason).ShouldBe((expected, raw));
    }

    [Theory]
    [InlineData("MALFORMED_FUNCTION_CALL")]
    [InlineData("UNEXPECTED_TOOL_CALL")]
    [InlineData("TOO_MANY_TOOL_CALLS")]
    [InlineData("MISSING_THOUGHT_SIGNATURE")]
    [InlineData("OTHER")]
    public void Word_for_a_broken_end_is_a_failure(string raw)
    {
        var run = Run($$"""{"candidates":[{"finishReason":"{{raw}}","index":0}]}""");

        run.Lines.ShouldBe(["error ProviderError provider_error"]);
    }

    [Fact]
    public void Text_that_the_filter_cut_is_no_normal_stop()
    {
        var run = Run("""{"candidates":[{"finishReason":"SAFETY","index":0,"safetyRatings":[{"category":"HARM","probability":"HIGH"}]}]}""");

        run.Lines.ShouldBe(["""0 finish ContentFilter SAFETY{"safetyRatings":[{"category":"HARM","probability":"HIGH"}]}"""]);
    }

    [Fact]
    public void Blocked_prompt_is_a_refusal_by_the_content_policy_that_reports_its_usage()
    {
        var run = Run(BlockedBody);

        run.Lines.ShouldBe(["usage in 9 cached 0 out 0 reasoning 0", "error ContentFilter content_filter"]);
    }

    [Theory]
    [InlineData("""{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}""", FailureClass.ProviderOverloaded)]
    [InlineData("""[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]""", FailureClass.ProviderOverloaded)]
    [InlineData("""{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}""", FailureClass.ProviderRateLimited)]
    [InlineData("""{"candidates":[""", FailureClass.ProviderProtocol)]
    [InlineData("[1]", FailureClass.ProviderProtocol)]
    [InlineData("null", FailureClass.ProviderProtocol)]
    [InlineData("""{"candidates":[{"index":-3}]}""", FailureClass.ProviderProtocol)]
    public void Error_within_the_stream_fails_the_answer_and_ends_no_choice(string chunk, FailureClass expected)
    {
        var run = Run(Parts("""{"text":"half"}"""), chunk, Parts("""{"text":"after"}""", "STOP"));

        run.Lines.ShouldBe(["0.0 start Text", "0.0 'half'", $"error {expected} {run.Decoder.Failure!.Code}"]);
        run.Decoder.Failure.FailureClass.ShouldBe(expected);
    }

    [Fact]
    public void Arguments_that_come_in_pieces_are_told_as_one_text()
    {
        var run = Run(
            Parts("""{"functionCall":{"id":"v1","name":"book","willContinue":true},"thoughtSignature":"c2ln"}"""),
            Parts("""{"functionCall":{"partialArgs":[{"jsonPath":"$.city","stringValue":"Par","willContinue":true}],"willContinue":true}}"""),
            Parts("""{"functionCall":{"partialArgs":[{"jsonPath":"$.city","stringValue":"is"},{"jsonPath":"$.days[1].n","numberValue":1.50},{"jsonPath":"$['a b']","boolValue":true}],"willContinue":true}}"""),
            Parts("""{"functionCall":{}}"""),
            Parts("""{"text":""}""", "STOP"));

        run.Lines.ShouldBe(
        [
            "0.0 start ToolCall v1 book c2ln", """0.0 '{"city":"Paris","days":[null,{"n":1.50}],"a b":true}'{"extra_content":{"google":{"thought_signature":"c2ln"}}}""", "0.0 stop", "0 finish ToolCalls STOP",
        ]);
    }

    [Fact]
    public void Halves_of_a_surrogate_pair_in_two_chunks_are_joined()
    {
        var run = Run(Parts("""{"text":"\ud83d"}"""), Parts("""{"text":"\ude42!"}""", "STOP"));

        run.Fold().Choices[0].Message.Parts[0].Text.Text_.ShouldBe("🙂!");
    }

    [Fact]
    public void Signature_of_a_thought_stays_on_the_thought()
    {
        var run = Run(Parts("""{"text":"hm","thought":true,"thoughtSignature":"c2ln"}"""), Parts("""{"text":"a"}""", "STOP"));

        run.Fold().Choices[0].Message.Parts[0].Reasoning.ShouldBe(new ReasoningPart { Text = "hm", Signature = "c2ln" });
    }

    [Fact]
    public void Code_and_pictures_of_the_model_are_not_lost()
    {
        var run = Run(
            Parts("""{"executableCode":{"language":"PYTHON","code":"print(1)"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}"""),
            Parts("""{"inlineData":{"mimeType":"image/png","data":"aGk="}}""", "STOP"));

        var message = run.Fold().Choices[0].Message;
        message.Parts[0].Text.Text_.ShouldBe("```python\nprint(1)\n```\n```\n1\n```\n");
        message.Extensions.ShouldBe("""{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]}""");
    }

    [Fact]
    public void Log_probabilities_come_in_the_form_that_clients_know()
    {
        var run = Run("""
            {"candidates":[{"index":0,"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","logprobsResult":{"chosenCandidates":[{"token":"a","tokenId":1,"logProbability":-0.50}],"topCandidates":[{"candidates":[{"token":"b","logProbability":-1.5}]}]}}]}
            """.Trim());

        run.Fold().Choices[0].LogProbabilities.ShouldBe(
            """{"content":[{"token":"a","logprob":-0.50,"bytes":null,"top_logprobs":[{"token":"b","logprob":-1.5,"bytes":null}]}]}""");
    }

    [Fact]
    public void Size_of_the_output_is_measured_on_the_way()
    {
        var size = Run(Parts("""{"text":"北京","thought":true},{"functionCall":{"name":"now","args":{"a":1}}}""", "STOP")).Decoder.OutputSize;

        (size.CjkCharacters, size.OtherCharacters).ShouldBe((2, "now{\"a\":1}".Length));
    }

    [Fact]
    public void Provider_says_who_it_is()
    {
        var reported = VendorRun.OfEvents(new GeminiStreamDecoder(), TextStream).Decoder.Reported;

        (reported.ProviderResponseId, reported.ReportedModel).ShouldBe(("resp-1", "gemini-3-pro-preview"));
    }

    private static VendorRun Run(params string[] chunks) => VendorRun.OfEvents(new GeminiStreamDecoder(), Stream(chunks));
}
