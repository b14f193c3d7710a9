using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class ParameterRuleTests
{
    private static readonly JsonElement One = JsonDocument.Parse("1").RootElement;

    [Theory]
    [InlineData("0", "0.01", true)]
    [InlineData("0.01", "0.01", false)]
    [InlineData("0.5", "0.5", false)]
    [InlineData("1.0", "1", false)]
    [InlineData("2", "1", true)]
    public void Number_is_held_between_its_limits(string given, string sent, bool warned)
    {
        var (body, warnings) = Apply($$"""{"temperature":{{given}}}""", new ParameterRule { Param = "temperature", Min = 0.01, Max = 1 });
        body["temperature"]!.ToJsonString().ShouldBe(sent);
        warnings.ShouldBe(warned ? ["parameter_clamped temperature"] : []);
    }

    [Fact]
    public void Count_stays_a_count_when_it_is_clamped()
    {
        var (body, _) = Apply("""{"top_k":50}""", new ParameterRule { Param = "top_k", Max = 6 });
        body["top_k"]!.ToJsonString().ShouldBe("6");
    }

    [Fact]
    public void Value_that_is_the_vendors_own_default_is_dropped_without_a_warning()
    {
        var rule = new ParameterRule { Param = "top_p", Action = ParameterAction.Drop, Value = One };
        Apply("""{"top_p":1.0}""", rule).Warnings.ShouldBeEmpty();
        Apply("""{"top_p":0.9}""", rule).Warnings.ShouldBe(["parameter_dropped top_p"]);
    }

    [Fact]
    public void Only_value_of_a_model_replaces_another_but_is_not_made_up()
    {
        var rule = new ParameterRule { Param = "temperature", Action = ParameterAction.Fix, Value = One };
        Apply("{}", rule).Body.ContainsKey("temperature").ShouldBeFalse();
        Apply("""{"temperature":1}""", rule).Warnings.ShouldBeEmpty();
        var (body, warnings) = Apply("""{"temperature":0.2}""", rule);
        (body["temperature"]!.GetValue<int>(), warnings.Single()).ShouldBe((1, "parameter_changed temperature"));
    }

    [Fact]
    public void Members_are_renamed_wrapped_and_set()
    {
        var (body, warnings) = Apply(
            """{"seed":7,"min_p":0.1}""",
            new ParameterRule { Param = "seed", Action = ParameterAction.Rename, To = "random_seed" },
            new ParameterRule { Param = "min_p", Action = ParameterAction.Wrap, To = "options" },
            new ParameterRule { Param = "safe", Action = ParameterAction.Set, Value = One },
            new ParameterRule { Param = "absent", Action = ParameterAction.Wrap, To = "nowhere" });
        body.ToJsonString().ShouldBe("""{"model":"up","messages":[{"role":"user","content":"q"}],"random_seed":7,"options":{"min_p":0.1},"safe":1}""");
        warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ParameterCondition.Streaming, true)]
    [InlineData(ParameterCondition.Plain, false)]
    public void Rule_holds_only_under_its_condition(ParameterCondition condition, bool streams)
    {
        var rule = new ParameterRule { Param = "seed", Action = ParameterAction.Drop, When = condition };
        Apply("""{"seed":1,"stream":STREAM}""".Replace("STREAM", streams ? "true" : "false", StringComparison.Ordinal), rule).Body.ContainsKey("seed").ShouldBeFalse();
        Apply("""{"seed":1,"stream":STREAM}""".Replace("STREAM", streams ? "false" : "true", StringComparison.Ordinal), rule).Body.ContainsKey("seed").ShouldBeTrue();
    }

    [Fact]
    public void Tools_go_with_a_choice_that_forbids_them_where_the_vendor_would_not_obey()
    {
        var rule = new ParameterRule { Param = "tool_choice", Map = new Dictionary<string, string> { ["none"] = "without_tools", ["named"] = "required" } };
        const string Tools = """{"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":""";
        Apply(Tools + "\"none\"}", rule).Body.ContainsKey("tools").ShouldBeFalse();
        Apply(Tools + """{"type":"function","function":{"name":"f"}}}""", rule).Body["tool_choice"]!.GetValue<string>().ShouldBe("required");
    }

    [Fact]
    public void Value_that_a_rule_does_not_understand_goes_on_as_it_is()
    {
        var rule = new ParameterRule { Param = "own", Min = 1, Max = 2, MaxItems = 1 };
        foreach (var value in new[] { "null", "\"9\"", "true", """{"a":9}""" })
            Apply($$"""{"own":{{value}}}""", rule).Body["own"]?.ToJsonString().ShouldBe(value);
    }

    private static (JsonObject Body, IReadOnlyList<string> Warnings) Apply(string members, params ParameterRule[] rules)
    {
        var request = RequestDecoderTests.Decode($$"""{"model":"m","messages":[{"role":"user","content":"q"}]{{(members == "{}" ? "}" : "," + members[1..])}}""").Request;
        var encoded = OpenAIChatRequestEncoder.Encode(request, new OpenAIRequestTarget { Model = "up", Stream = request.Stream, Rules = rules });
        return (JsonNode.Parse(Encoding.UTF8.GetString(encoded.Body.Span))!.AsObject(), [.. encoded.Warnings.Select(w => $"{w.Code} {w.Param}")]);
    }
}
