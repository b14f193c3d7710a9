using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Responses;
using Orchestration.Protocols.Tests.Anthropic;

namespace Orchestration.Protocols.Tests.Responses;

public sealed class ResponsesAnswerEncoderTests
{
    private const string Echo = """{"include":["reasoning.encrypted_content"],"temperature":0.5,"tools":[{"type":"function","name":"f"}]}""";

    private static readonly ResponsesDecodingOptions Origin = new() { Origin = "openai/gpt-5" };

    private static readonly Dictionary<string, string> Streams = new()
    {
        ["text"] = ResponsesSamples.Text,
        ["reasoning-tools"] = ResponsesSamples.ReasoningTools,
        ["refusal"] = ResponsesSamples.Refusal,
        ["done-only"] = ResponsesSamples.DoneOnly,
    };

    public static TheoryData<string> Names => [.. Streams.Keys];

    [Fact]
    public void Text_has_every_event_in_its_place()
    {
        var events = Events(ResponsesSamples.Text);

        events.Select(item => (string)item["type"]!).ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
            "response.output_text.delta", "response.output_text.delta", "response.output_text.delta",
            "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
        ]);
        events[^1]["response"]!["output"]![0]!["content"]![0]!["text"]!.ToString().ShouldBe("Föur 四.\n🙂");
    }

    [Fact]
    public void Reasoning_and_parallel_calls_have_every_event_in_their_place()
    {
        var types = Events(ResponsesSamples.ReasoningTools).Select(item => $"{item["type"]} {item["output_index"]}".Trim().Replace("response.", "", StringComparison.Ordinal)).ToList();

        types.ShouldBe(
        [
            "created", "in_progress", "output_item.added 0", "reasoning_summary_part.added 0", "reasoning_summary_text.delta 0", "reasoning_summary_text.delta 0",
            "reasoning_summary_text.delta 0", "reasoning_summary_text.delta 0", "reasoning_summary_text.done 0", "reasoning_summary_part.done 0", "output_item.done 0",
            "output_item.added 1", "output_item.added 2", "function_call_arguments.delta 1", "function_call_arguments.delta 2", "function_call_arguments.delta 1", "function_call_arguments.delta 2",
            "function_call_arguments.done 1", "output_item.done 1", "function_call_arguments.done 2", "output_item.done 2", "completed",
        ]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Answer_is_the_same_after_a_way_through_both_sides(string name)
    {
        var answer = VendorRun.OfEvents(new ResponsesStreamDecoder(Origin), Streams[name]);
        var again = VendorRun.OfEvents(new ResponsesStreamDecoder(Origin), Encode([.. answer.Events, new ChatEvent { Summary = new Summary() }]));

        again.Decoder.Failure.ShouldBeNull();
        Unsealed(again.Fold()).ShouldBe(Unsealed(answer.Fold()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plain_answer_is_what_the_stream_ends_with(string name)
    {
        var answer = VendorRun.OfEvents(new ResponsesStreamDecoder(Origin), Streams[name]);
        var streamed = Events(Streams[name])[^1]["response"]!.AsObject();
        var completion = answer.Fold();
        completion.Response = Started();
        var output = new ArrayBufferWriter<byte>();
        ResponsesResponseEncoder.Write(output, completion, Echo, null, "gpt-5");
        var plain = JsonNode.Parse(output.WrittenSpan)!.AsObject();

        // Items of the provider's own tools have no place among the others once the answer is folded.
        if (name == "done-only")
            (streamed, plain) = (Sorted(streamed), Sorted(plain));
        plain.ToJsonString().ShouldBe(Renumbered(streamed).ToJsonString());
    }

    [Fact]
    public void Numbers_of_events_have_no_gap_and_their_types_stand_in_both_places()
    {
        var text = Encode(Answer(ResponsesSamples.ReasoningTools));

        var blocks = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block.Split('\n')).ToList();
        foreach (var (number, lines) in blocks.Index())
        {
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            lines[0].ShouldBe($"event: {data["type"]}");
            ((int)data["sequence_number"]!).ShouldBe(number);
        }
    }

    [Fact]
    public void Object_repeats_the_request_and_says_that_nothing_is_kept()
    {
        var response = Events(ResponsesSamples.Text)[0]["response"]!;

        (response["id"]!.ToString(), response["status"]!.ToString(), (double)response["temperature"]!, (bool)response["store"]!).ShouldBe(("resp_r-1", "in_progress", 0.5, false));
        response["tools"].ShouldBeJson("""[{"type":"function","name":"f"}]""");
        response["text"].ShouldBeJson("""{"format":{"type":"text"}}""");
        response["usage"].ShouldBeNull();
    }

    [Theory]
    [InlineData(FinishReason.Length, "max_output_tokens")]
    [InlineData(FinishReason.ContentFilter, "content_filter")]
    public void Cut_answer_is_incomplete_and_says_why(FinishReason reason, string why)
    {
        var events = Parse(Encode(
            Part("half"), new ChatEvent { PartStop = new PartStop() }, new ChatEvent { Finish = new Finish { Reason = reason } }, new ChatEvent { Summary = new Summary() }));

        events[^1]["type"]!.ToString().ShouldBe("response.incomplete");
        var response = events[^1]["response"]!;
        (response["status"]!.ToString(), response["incomplete_details"]!["reason"]!.ToString(), response["output"]![0]!["status"]!.ToString()).ShouldBe(("incomplete", why, "incomplete"));
    }

    [Fact]
    public void Failure_ends_the_stream_with_an_error_and_a_failed_response()
    {
        var failure = new Failure { FailureClass = FailureClass.ProviderTruncated, Code = "upstream_truncated", Message = "Cut." };
        var events = Parse(Encode(Part("half"), new ChatEvent { Error = failure }, new ChatEvent { Summary = new Summary() }));

        events.Select(item => item["type"]!.ToString()).TakeLast(2).ShouldBe(["error", "response.failed"]);
        events[^2]["code"]!.ToString().ShouldBe("upstream_truncated");
        var response = events[^1]["response"]!;
        (response["status"]!.ToString(), response["error"]!["message"]!.ToString(), response["output"]![0]!["status"]!.ToString()).ShouldBe(("failed", "Cut.", "incomplete"));
    }

    [Fact]
    public void Answer_without_a_finish_is_never_completed()
    {
        var events = Parse(Encode(Part("half"), new ChatEvent { PartStop = new PartStop() }, new ChatEvent { Summary = new Summary() }));

        events[^1]["type"]!.ToString().ShouldBe("response.failed");
    }

    [Fact]
    public void Texts_between_calls_are_messages_of_their_own_and_texts_beside_each_other_share_one()
    {
        var events = Parse(Encode(
            Part("a", 0), Part("b", 1), new ChatEvent { PartStop = new PartStop { PartIndex = 0 } }, new ChatEvent { PartStop = new PartStop { PartIndex = 1 } },
            new ChatEvent { PartStart = new PartStart { PartIndex = 2, Kind = PartKind.ToolCall, ToolCall = new ToolCall { Id = "c", Name = "f" } } },
            new ChatEvent { PartDelta = new PartDelta { PartIndex = 2, Text = "{}" } },
            Part("c", 3),
            new ChatEvent { Finish = new Finish { Reason = FinishReason.ToolCalls } },
            new ChatEvent { Summary = new Summary() }));

        var output = events[^1]["response"]!["output"]!.AsArray();
        output.Select(item => item!["type"]!.ToString()).ShouldBe(["message", "function_call", "message"]);
        output[0]!["content"]!.AsArray().Count.ShouldBe(2);
        events.Count(item => item["type"]!.ToString() == "response.output_item.done").ShouldBe(3);
    }

    [Fact]
    public void Sealed_reasoning_comes_back_to_its_origin_only()
    {
        var item = Events(ResponsesSamples.ReasoningTools)[^1]["response"]!["output"]![0]!;
        var body = $$"""{"model":"m","input":[{"role":"user","content":"q"},{{item.ToJsonString()}},{"role":"assistant","content":"a"},{"role":"user","content":"b"}]}""";
        var request = ResponsesRequestDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatRequestDecoding.Decoded>().Request;

        var own = ResponsesRequestEncoder.Encode(request, new ResponsesRequestTarget { Model = "m", Stream = false, Origin = "openai/gpt-5" });
        own.Json()["input"]![1]!["encrypted_content"]!.ToString().ShouldBe("c2Vj");
        var other = ResponsesRequestEncoder.Encode(request, new ResponsesRequestTarget { Model = "m", Stream = false, Origin = "azure/gpt-5" });
        other.Warnings.ShouldNotBeEmpty();
        other.Json().ToJsonString().ShouldNotContain("c2Vj");
    }

    private static IEnumerable<ChatEvent> Answer(string stream) =>
        [.. VendorRun.OfEvents(new ResponsesStreamDecoder(Origin), stream).Events, new ChatEvent { Summary = new Summary() }];

    private static List<JsonNode> Events(string stream) => Parse(Encode(Answer(stream)));

    private static List<JsonNode> Parse(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line["data: ".Length..])!)];

    private static string Encode(params IEnumerable<ChatEvent> events)
    {
        var encoder = new ResponsesStreamEncoder("r-1", Echo);
        var output = new ArrayBufferWriter<byte>();
        encoder.Write(output, new ChatEvent { ResponseStarted = Started() });
        foreach (var item in events)
            encoder.Write(output, item);
        encoder.IsEnded.ShouldBeTrue();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static ResponseStarted Started() => new() { Provider = "openai", Model = "gpt-5" };

    private static ChatEvent Part(string text, int index = 0) => new() { PartDelta = new PartDelta { PartIndex = index, Text = text } };

    // A sealed piece carries its origin for the way.
    private static string Unsealed(ChatCompletion completion)
    {
        var wrapped = SignatureOrigin.Wrap("c2Vj", "openai/gpt-5");
        return completion.Choices[0].ToString().Replace(wrapped, "c2Vj", StringComparison.Ordinal);
    }

    private static JsonObject Sorted(JsonObject response)
    {
        var items = response["output"]!.AsArray().Select(item => item!.DeepClone()).OrderBy(item => item["type"]!.ToString(), StringComparer.Ordinal).ToArray();
        foreach (var item in items)
            item["id"] = "";
        response["output"] = new JsonArray(items);
        return response;
    }

    // The folded answer of this test has another request id.
    private static JsonNode Renumbered(JsonObject response) => JsonNode.Parse(response.ToJsonString()
        .Replace("resp_r-1", "resp_r", StringComparison.Ordinal).Replace("_r1_", "_r_", StringComparison.Ordinal))!;
}
