using System.Text.Json;
using Orchestration.Simulator.Tests.Dialects;

namespace Orchestration.Simulator.Tests.Responses;

public sealed class ResponsesShapeTests(SimulatorHost simulator)
{
    private const string Path = "openai/v1/responses";
    private const string Tools = ",\"tools\":[{\"type\":\"function\",\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}]";

    private static string Ask(string text, string more = "", string model = "gpt-4.1") => $$"""{"model":"{{model}}","input":"{{text}}"{{more}}}""";

    [Fact]
    public async Task Plain_answer_has_the_documented_shape()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("Say hi", ",\"stream\":false"));

        var answer = JsonSerializer.Deserialize<JsonElement>(text);
        var words = answer.GetProperty("output")[0].GetProperty("content")[0].Str("text");
        Calls.Steady(text).ShouldStartWith("""{"id":"resp_ID","object":"response","created_at":0,"status":"completed","background":false,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"gpt-4.1","output":[{"id":"msg_ID","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":""" + "\"This is");
        Calls.Steady(text).ShouldEndWith("""
            "parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{"input_tokens":6,"input_tokens_details":{"cached_tokens":0},"output_tokens":
            """ + answer.Int("usage", "output_tokens") + ""","output_tokens_details":{"reasoning_tokens":0},"total_tokens":""" + answer.Int("usage", "total_tokens") + "},\"user\":null,\"metadata\":{}}");
        words!.ShouldStartWith("This is a simulated answer");
    }

    [Fact]
    public async Task Stream_has_every_event_in_order_and_numbers_them()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("Say hi", ",\"stream\":true"));

        var events = Calls.Data(text);
        events.Select(item => item.Int("sequence_number")).ShouldBe(Enumerable.Range(0, events.Count));
        events.Select(item => item.Str("type")).Distinct().ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
            "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
        ]);
        text.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line["event: ".Length..])
            .ShouldBe(events.Select(item => item.Str("type")!));
        string.Concat(events.Where(item => item.Str("type") == "response.output_text.delta").Select(item => item.Str("delta")))
            .ShouldBe(events[^1].GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].Str("text"));
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Function_call_is_streamed_as_an_item_of_its_own()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("get_weather", ",\"stream\":true" + Tools));

        var events = Calls.Data(text);
        var added = events.Single(item => item.Str("type") == "response.output_item.added").GetProperty("item");
        added.Str("arguments").ShouldBe("");
        string.Concat(events.Where(item => item.Str("type") == "response.function_call_arguments.delta").Select(item => item.Str("delta"))).ShouldBe("""{"city":"sample 1"}""");
        events.Single(item => item.Str("type") == "response.function_call_arguments.done").Str("arguments").ShouldBe("""{"city":"sample 1"}""");
        var done = events[^1].GetProperty("response").GetProperty("output")[0];
        done.Str("call_id").ShouldBe(added.Str("call_id"));
        done.Str("status").ShouldBe("completed");
    }

    [Fact]
    public async Task Reasoning_is_summed_up_and_encrypted_on_request()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("Why?", ",\"stream\":true,\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"},\"include\":[\"reasoning.encrypted_content\"]", "gpt-5-mini"));

        var events = Calls.Data(text);
        events.Select(item => item.Str("type")).ShouldContain("response.reasoning_summary_part.added");
        var output = events[^1].GetProperty("response").GetProperty("output");
        output[0].Str("type").ShouldBe("reasoning");
        string.Concat(events.Where(item => item.Str("type") == "response.reasoning_summary_text.delta").Select(item => item.Str("delta")))
            .ShouldBe(output[0].GetProperty("summary")[0].Str("text"));
        output[0].Str("encrypted_content").ShouldNotBeNullOrEmpty();
        events.Where(item => item.Str("type") == "response.output_item.done").Select(item => item.Int("output_index")).ShouldBe([0, 1]);
        events[^1].GetProperty("response").Int("usage", "output_tokens_details", "reasoning_tokens").ShouldBeGreaterThan(0);

        var replay = $$"""[{"role":"user","content":"Why?"},{{output[0].GetRawText()}},{"role":"user","content":"On"}]""";
        (await simulator.PostAsync(Path, $$"""{"model":"gpt-5-mini","store":false,"input":{{replay}}}""")).Status.ShouldBe(200);
        var (status, refusal) = await simulator.PostAsync(Path, """{"model":"gpt-5-mini","store":false,"input":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"Zm9yZWlnbg=="}]}""");
        status.ShouldBe(400);
        refusal.ShouldContain("invalid_encrypted_content");
    }

    [Fact]
    public async Task Limit_makes_the_response_incomplete()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("Say hi", ",\"stream\":true,\"max_output_tokens\":16"));

        var last = Calls.Data(text)[^1];
        last.Str("type").ShouldBe("response.incomplete");
        last.GetProperty("response").Str("incomplete_details", "reason").ShouldBe("max_output_tokens");
        last.GetProperty("response").Int("usage", "output_tokens").ShouldBe(16);
    }

    [Fact]
    public async Task Refusal_is_a_part_of_its_own()
    {
        var answer = await simulator.CallAsync(Path, Ask("Say hi", "", "gpt-4.1!refusal"));

        answer.GetProperty("output")[0].GetProperty("content")[0].Str("type").ShouldBe("refusal");
    }

    [Theory]
    [InlineData("""{"model":"gpt-4.1"}""", "missing_required_parameter")]
    [InlineData("""{"model":"gpt-4.1","input":"x","messages":[]}""", "unknown_parameter")]
    [InlineData("""{"model":"gpt-4.1","input":"x","max_output_tokens":5}""", "integer_below_min_value")]
    [InlineData("""{"model":"gpt-5-mini","input":"x","temperature":0.5}""", "Unsupported parameter: 'temperature'")]
    [InlineData("""{"model":"gpt-4.1","input":"x","tools":[{"type":"function","function":{"name":"f"}}]}""", "Missing required parameter: 'tools[0].name'")]
    [InlineData("""{"model":"gpt-4.1","input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}""", "No tool output found for function call c.")]
    [InlineData("""{"model":"gpt-4.1","input":[{"type":"function_call_output","call_id":"c","output":"1"}]}""", "No tool call found for function call output with call_id c.")]
    [InlineData("""{"model":"gpt-4.1","input":[{"role":"user","content":[{"type":"text","text":"x"}]}]}""", "Invalid value: 'text'")]
    [InlineData("""{"model":"gpt-4.1","input":"x","previous_response_id":"resp_1"}""", "previous_response_not_found")]
    public async Task Bad_request_is_refused_in_the_words_of_the_API(string body, string message)
    {
        var (status, text) = await simulator.PostAsync(Path, body);

        status.ShouldBe(400);
        JsonSerializer.Deserialize<JsonElement>(text).Str("error", "type").ShouldBe("invalid_request_error");
        text.ShouldContain(message);
    }
}
