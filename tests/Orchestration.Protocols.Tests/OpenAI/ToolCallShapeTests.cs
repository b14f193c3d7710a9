using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class ToolCallShapeTests
{
    public static TheoryData<string, string, string[], string> Shapes() => new()
    {
        { "A id first, then fragments", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]}""", Fragment(0, "{\\\"a"), Fragment(0, "\\\":1}")], "c1 f {\"a\":1}" },
        { "B empty id on continuation", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{"}}]}""", """{"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":"}"}}]}""", """{"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":""}}]}"""], "c1 f {}" },
        { "B2 same id repeated", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{"}}]}""", """{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"}"}}]}"""], "c1 f {}" },
        { "B3 another id on each continuation", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{"}}]}""", """{"tool_calls":[{"index":0,"id":"c9","function":{"arguments":"}"}}]}"""], "c1 f {}" },
        { "C whole call", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"x\": 1.0}"}}]}"""], "c1 f {\"x\": 1.0}" },
        { "D no index, two calls in one chunk", "tool_calls", ["""{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}},{"id":"c2","function":{"name":"g","arguments":"[1]"}}]}"""], "c1 f {} | c2 g [1]" },
        { "D index null, fragments by id", "tool_calls", ["""{"tool_calls":[{"index":null,"id":"c1","function":{"name":"f","arguments":"{"}}]}""", """{"tool_calls":[{"index":null,"id":"c2","function":{"name":"g","arguments":"["}}]}""", """{"tool_calls":[{"index":null,"id":"c1","function":{"arguments":"}"}}]}""", """{"tool_calls":[{"index":null,"id":"c2","function":{"arguments":"]"}}]}"""], "c1 f {} | c2 g []" },
        { "D neither index nor id", "tool_calls", ["""{"tool_calls":[{"function":{"name":"f","arguments":"{}"}},{"function":{"name":"g","arguments":"{}"}}]}""", """{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}"""], "call_r1_0_0 f {} | call_r1_0_1 g {} | call_r1_0_2 f {}" },
        { "F stop although calls were made", "stop", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]}"""], "c1 f {}" },
        { "G an object instead of a list", "tool_calls", ["""{"tool_calls":{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}}"""], "c1 f {}" },
        { "H empty name on continuation", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":""}}]}""", """{"tool_calls":[{"index":0,"function":{"name":"","arguments":"{}"}}]}"""], "c1 f {}" },
        { "I arguments as an object", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":{"a": 1.50}}}]}"""], "c1 f {\"a\": 1.50}" },
        { "J empty arguments", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":""}}]}"""], "c1 f {}" },
        { "J null in a string", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"nu"}}]}""", Fragment(0, "ll")], "c1 f {}" },
        { "J absent arguments", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f"}}]}"""], "c1 f {}" },
        { "K all under index 0 with their own ids", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]}""", """{"tool_calls":[{"index":0,"id":"c2","function":{"name":"f","arguments":"{"}}]}""", Fragment(0, "}")], "c1 f {} | c2 f {}" },
        { "interleaved by index", "tool_calls", ["""{"tool_calls":[{"index":1,"id":"c2","function":{"name":"g","arguments":"["}},{"index":0,"id":"c1","function":{"name":"f","arguments":"{"}}]}""", Fragment(0, "}"), Fragment(1, "]")], "c2 g [] | c1 f {}" },
        { "same id under two indexes", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}},{"index":1,"id":"c","function":{"name":"g","arguments":"{}"}}]}"""], "c f {} | c g {}" },
        { "name after id and arguments", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"arguments":"{"}}]}""", """{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"}"}}]}"""], "c1 f {}" },
        { "old function_call", "function_call", ["""{"function_call":{"name":"f","arguments":"{"}}""", """{"function_call":{"arguments":"}"}}"""], "call_r1_0_0 f {}" },
        { "surrogate pair cut between fragments", "tool_calls", ["""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"\"\ud83d"}}]}""", Fragment(0, "\\ude42\\\"")], "c1 f \"🙂\"" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_of_deltas_gives_the_same_calls(string shape, string finish, string[] deltas, string expected)
    {
        var run = StreamRun.Of(Samples.Stream(finish, deltas));
        run.Decoder.Failure.ShouldBeNull(shape);
        var calls = run.Fold().Choices[0].Message.Parts.Select(part => $"{part.ToolCall.Id} {part.ToolCall.Name} {part.ToolCall.Arguments}");
        string.Join(" | ", calls).ShouldBe(expected, shape);
        run.Finishes.Single().Reason.ShouldBe(Contracts.Chat.V1.FinishReason.ToolCalls, shape);
    }

    [Fact]
    public void Call_in_the_chunk_of_the_finish_is_kept()
    {
        var run = StreamRun.Of("""data: {"choices":[{"finish_reason":"tool_calls","index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]}}]}""" + "\n\n");
        run.Lines.ShouldBe(["0.0 start ToolCall c1 f", "0.0 '{}'", "0.0 stop", "0 finish ToolCalls tool_calls"]);
    }

    [Fact]
    public void Unknown_members_of_a_call_are_kept()
    {
        var run = StreamRun.Of(Samples.Stream("tool_calls", """{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}","x":1e2},"extra_content":{"google":{"thought_signature":"s"}}}]}"""));
        run.Fold().Choices[0].Message.Parts[0].Extensions.ShouldBe("""{"function":{"x":1e2},"extra_content":{"google":{"thought_signature":"s"}}}""");
    }

    [Fact]
    public void Call_without_a_name_breaks_the_protocol()
    {
        var run = StreamRun.Of(Samples.Stream("tool_calls", """{"tool_calls":[{"index":0,"id":"c1","function":{"arguments":"{}"}}]}"""));
        run.Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
        run.Finishes.ShouldBeEmpty();
    }

    private static string Fragment(int index, string arguments) => $$$"""{"tool_calls":[{"index":{{{index}}},"function":{"arguments":"{{{arguments}}}"}}]}""";
}
