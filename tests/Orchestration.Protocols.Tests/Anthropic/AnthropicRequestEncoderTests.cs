using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicRequestEncoderTests
{
    private const string Hi = """
        "messages":[{"role":"user","content":"Hi"}]
        """;

    [Fact]
    public void Simple_request_is_a_golden_body()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI("""
            "max_tokens":100,"stream":true,"temperature":0.5,"stop":["END"," "],"messages":[{"role":"system","content":"Be brief."},{"role":"developer","content":"Be kind."},{"role":"user","content":"2+2?"}]
            """));

        encoded.Json().ShouldBeJson("""
            {"model":"claude","max_tokens":100,"stream":true,"system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind."}],
            "messages":[{"role":"user","content":[{"type":"text","text":"2+2?"}]}],"temperature":0.5,"stop_sequences":["END"]}
            """);
        encoded.Codes().ShouldBe(["parameter_dropped stop"]);
        encoded.Refused.ShouldBeNull();
    }

    [Fact]
    public void Tools_calls_and_results_are_a_golden_body()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI("""
            "max_tokens":100,"parallel_tool_calls":false,
            "tools":[{"type":"function","function":{"name":"get_weather","description":"Weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"now"}}],
            "messages":[{"role":"user","content":"Weather?"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\": \"Paris\", \"n\": 1.0}"}},{"id":"call_2","type":"function","function":{"name":"now","arguments":""}}]},
            {"role":"tool","tool_call_id":"call_1","content":"Sunny"},{"role":"tool","tool_call_id":"call_2","content":"12:00"},{"role":"user","content":"And?"}]
            """));

        encoded.Json().ShouldBeJson("""
            {"model":"claude","max_tokens":100,
            "tools":[{"name":"get_weather","description":"Weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},{"name":"now","input_schema":{"type":"object","properties":{}}}],
            "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
            "messages":[{"role":"user","content":[{"type":"text","text":"Weather?"}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"get_weather","input":{"city":"Paris","n":1.0}},{"type":"tool_use","id":"call_2","name":"now","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"Sunny"},{"type":"tool_result","tool_use_id":"call_2","content":"12:00"},{"type":"text","text":"And?"}]}]}
            """);
        encoded.Warnings.ShouldBeEmpty();
        System.Text.Encoding.UTF8.GetString(encoded.Body.Span).ShouldContain("""
            "input":{"city": "Paris", "n": 1.0}
            """.Trim());
    }

    [Fact]
    public void Pictures_and_documents_go_by_value_and_by_address()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI("""
            "max_tokens":9,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpg;base64,AAAA","detail":"high"}},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}},
            {"type":"file","file":{"file_data":"data:application/pdf;base64,BBBB","filename":"a.pdf"}},{"type":"text","text":""}]}]
            """));

        encoded.Json()["messages"]![0]!["content"].ShouldBeJson("""
            [{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAAA"}},{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}},
            {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"},"title":"a.pdf"}]
            """);
        encoded.Codes().ShouldBe(["parameter_dropped messages[0]"]);
    }

    [Theory]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AAAA"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"not an address"}}""")]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""")]
    [InlineData("""{"type":"text","text":"  "}""")]
    public void Content_that_cannot_be_said_is_refused_and_not_left_out(string part)
    {
        var refused = Wire.ToAnthropic(Wire.FromOpenAI($$"""
            "messages":[{"role":"user","content":[{{part}}]}]
            """)).Refused;
        refused!.Code.ShouldBe("unsupported_content");
        refused.Param.ShouldStartWith("messages[0]");
    }

    [Theory]
    [InlineData("none", """{"type":"none"}""")]
    [InlineData("auto", """{"type":"auto"}""")]
    [InlineData("required", """{"type":"any"}""")]
    public void Rules_for_tools_have_their_names(string rule, string expected) =>
        Wire.ToAnthropic(Wire.FromOpenAI($$$"""{{{Hi}}},"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"{{{rule}}}" """)).Json()["tool_choice"].ShouldBeJson(expected);

    [Fact]
    public void Dotted_and_long_tool_names_go_as_aliases_that_answers_map_back()
    {
        var request = Wire.FromOpenAI($$$"""{{{Hi}}},"tools":[{"type":"function","function":{"name":"fs.read"}},{"type":"function","function":{"name":"fs:read"}},{"type":"function","function":{"name":"fs_read"}}],"tool_choice":{"type":"function","function":{"name":"fs.read"}} """);

        var body = Wire.ToAnthropic(request).Json();

        var names = body["tools"]!.AsArray().Select(tool => (string)tool!["name"]!).ToList();
        names.Distinct().Count().ShouldBe(3);
        names.ShouldAllBe(name => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c == '-'));
        names[2].ShouldBe("fs_read");
        ((string)body["tool_choice"]!["name"]!).ShouldBe(names[0]);
        var back = AnthropicToolNames.Of(request);
        names.Select(back.Original).ShouldBe(["fs.read", "fs:read", "fs_read"]);
    }

    [Fact]
    public void Missing_output_limit_is_the_models_own_and_told()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI(Hi));
        ((int)encoded.Json()["max_tokens"]!).ShouldBe(64_000);
        encoded.Codes().ShouldBe(["default_max_output max_tokens"]);
        ((int)Wire.ToAnthropic(Wire.FromOpenAI(Hi), maxOutput: null).Json()["max_tokens"]!).ShouldBe(4_096);
    }

    [Fact]
    public void Output_limit_above_the_models_is_clamped() =>
        Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":99999"""), maxOutput: 8_000).Codes().ShouldBe(["parameter_clamped max_tokens"]);

    [Fact]
    public void Everything_that_is_not_taken_is_told()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI(Hi + """
            ,"max_tokens":9,"n":2,"seed":1,"frequency_penalty":1,"presence_penalty":1,"logit_bias":{"1":1},"logprobs":true,"service_tier":"flex","metadata":{"a":"b"},"prompt_cache_key":"k","store":true,"temperature":2
            """));
        encoded.Codes().ShouldBe(
            [
                "parameter_clamped temperature", "parameter_dropped frequency_penalty", "parameter_dropped presence_penalty", "parameter_dropped seed", "parameter_dropped logit_bias",
                "parameter_dropped logprobs", "parameter_dropped n", "parameter_dropped metadata", "parameter_dropped prompt_cache_key", "parameter_dropped service_tier", "parameter_dropped store",
            ],
            ignoreOrder: true);
        encoded.Json().AsObject().Select(member => member.Key).ShouldBe(["model", "max_tokens", "messages", "temperature"]);
    }

    [Fact]
    public void Models_that_refuse_sampling_are_sent_none()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":9,"temperature":0.2,"top_p":0.5"""), Wire.Newest);
        encoded.Codes().ShouldBe(["parameter_dropped temperature", "parameter_dropped top_p"]);
        Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":9,"temperature":1,"top_p":1"""), Wire.Newest).Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Models_that_take_one_sampling_parameter_are_sent_temperature()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":9,"temperature":0.2,"top_p":0.5"""), new AnthropicModelRules { Sampling = AnthropicSampling.One });
        encoded.Codes().ShouldBe(["parameter_dropped top_p"]);
    }

    [Fact]
    public void End_user_is_the_user_id()
    {
        var request = Wire.FromOpenAI(Hi);
        request.EndUser = "hash";
        Wire.ToAnthropic(request).Json()["metadata"].ShouldBeJson("""{"user_id":"hash"}""");
    }

    [Fact]
    public void Cache_marks_go_on_from_any_protocol_up_to_four()
    {
        const string Part = """{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}""";
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI($$"""
            "max_tokens":9,"messages":[{"role":"system","content":[{{Part}}]},{"role":"user","content":[{{Part}},{{Part}},{{Part}},{{Part}}]}]
            """));
        System.Text.Encoding.UTF8.GetString(encoded.Body.Span).Split("cache_control").Length.ShouldBe(5);
        encoded.Codes().ShouldBe(["parameter_dropped cache_control"]);
    }

    [Fact]
    public void Json_schema_is_an_output_format_or_else_a_forced_tool()
    {
        const string Schema = Hi + ""","max_tokens":9,"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object","properties":{}}}}""";
        var newest = Wire.ToAnthropic(Wire.FromOpenAI(Schema), Wire.Newest);
        newest.Json()["output_config"].ShouldBeJson("""{"format":{"type":"json_schema","schema":{"type":"object","properties":{}}}}""");
        newest.Warnings.ShouldBeEmpty();

        var older = Wire.ToAnthropic(Wire.FromOpenAI(Schema));
        older.Json()["tools"]![0]!["input_schema"].ShouldBeJson("""{"type":"object","properties":{}}""");
        ((string)older.Json()["tool_choice"]!["name"]!).ShouldBe(AnthropicSchemaTool.Name);
        older.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Json_object_is_an_instruction_and_told()
    {
        var encoded = Wire.ToAnthropic(Wire.FromOpenAI(Hi + ""","max_tokens":9,"response_format":{"type":"json_object"}"""));
        encoded.Codes().ShouldBe(["parameter_changed response_format"]);
        ((string)encoded.Json()["system"]![0]!["text"]!).ShouldContain("JSON");
    }

    [Fact]
    public void Same_protocol_keeps_unknown_members_and_blocks()
    {
        const string Members = """
            "container":"c1","thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"max","later":1},"tool_choice":{"type":"auto","later":true},
            "tools":[{"type":"web_search_20250305","name":"web_search","max_uses":5},{"name":"f","input_schema":{"type":"object"},"defer_loading":true,"cache_control":{"type":"ephemeral","ttl":"1h"}}],
            "messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA=="},"citations":{"enabled":true}},{"type":"container_upload","file_id":"f1"}]}]
            """;
        var encoded = Wire.ToAnthropic(Wire.FromAnthropic(Members), Wire.Newest);

        encoded.Warnings.ShouldBeEmpty();
        encoded.Json().ShouldBeJson("""
            {"model":"claude","max_tokens":1000,"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":5},{"name":"f","input_schema":{"type":"object"},"defer_loading":true,"cache_control":{"type":"ephemeral","ttl":"1h"}}],
            "tool_choice":{"type":"auto"},
            "messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA=="},"citations":{"enabled":true}},{"type":"container_upload","file_id":"f1"}]}],
            "thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"max","later":1},"container":"c1"}
            """);
    }

    [Fact]
    public void Steering_members_of_a_client_are_never_sent()
    {
        var request = Wire.FromAnthropic(Hi);
        request.Extensions = """{"api_base":"https://evil.example","container":"c"}""";
        var encoded = Wire.ToAnthropic(request);
        encoded.Json()["api_base"].ShouldBeNull();
        encoded.Codes().ShouldBe(["parameter_dropped api_base"]);
    }
}
