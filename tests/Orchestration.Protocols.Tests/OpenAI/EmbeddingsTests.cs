using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Embeddings;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class EmbeddingsTests
{
    [Theory]
    [InlineData("\"one\"", new[] { "one" })]
    [InlineData("[\"one\",\"two\"]", new[] { "one", "two" })]
    public void Inputs_are_a_text_or_a_list(string input, string[] expected)
    {
        var decoded = Decode($$"""{"model":"m","input":{{input}},"encoding_format":"base64","dimensions":8,"user":"u","x":1.0,"api_key":"k"}""").ShouldBeOfType<EmbeddingsRequestDecoding.Decoded>();
        decoded.Request.Inputs.ShouldBe(expected);
        decoded.Base64.ShouldBeTrue();
        decoded.EndUser.ShouldBe("u");
        decoded.Warnings.Single().Param.ShouldBe("api_key");
        var body = JsonNode.Parse(OpenAIEmbeddingsRequestEncoder.Encode(decoded.Request, new EmbeddingsTarget { Model = "up" }).Body.Span)!.ToJsonString();
        body.ShouldBe($$"""{"model":"up","input":["{{string.Join("\",\"", expected)}}"],"dimensions":8,"encoding_format":"float","x":1.0}""");
    }

    public static TheoryData<string, string, string> Wrong() => new()
    {
        { """{"model":"m"}""", "input", "missing_required_parameter" },
        { """{"input":"a"}""", "model", "missing_required_parameter" },
        { """{"model":"m","input":[]}""", "input", "empty_array" },
        { """{"model":"m","input":""}""", "input", "empty_string" },
        { """{"model":"m","input":["a",""]}""", "input[1]", "empty_string" },
        { """{"model":"m","input":["a",5]}""", "input[1]", "invalid_type" },
        { """{"model":"m","input":[1,2]}""", "input", "unsupported_value" },
        { """{"model":"m","input":[[1],[2]]}""", "input", "unsupported_value" },
        { """{"model":"m","input":"a","encoding_format":"hex"}""", "encoding_format", "invalid_value" },
        { """{"model":"m","input":"a","dimensions":0}""", "dimensions", "integer_below_min_value" },
        { """{"model":"m","input":[""" + string.Join(',', Enumerable.Repeat("\"a\"", 2_049)) + "]}", "input", "array_above_max_length" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_request_is_refused_by_name(string json, string param, string code)
    {
        var failure = Decode(json).ShouldBeOfType<EmbeddingsRequestDecoding.Rejected>().Failure;
        (failure.Param, failure.Code).ShouldBe((param, code));
    }

    [Fact]
    public void Vectors_are_ordered_by_index_in_both_encodings()
    {
        const string Numbers = """{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.5,-1]},{"object":"embedding","embedding":[0.25,1e-3],"index":0}],"model":"e","usage":{"prompt_tokens":5,"total_tokens":5}}""";
        var response = Read(Numbers, 2).ShouldBeOfType<EmbeddingsResponseDecoding.Decoded>().Response;
        response.Embeddings.Select(vector => vector.Values[0]).ShouldBe([0.25f, 0.5f]);
        response.Usage.InputTokens.ShouldBe(5);
        response.Response.ReportedModel.ShouldBe("e");

        foreach (var base64 in new[] { false, true })
        {
            var output = new ArrayBufferWriter<byte>();
            OpenAIEmbeddingsResponseEncoder.Write(output, response, new OrchestrationFacts(), "shown", base64);
            var again = OpenAIEmbeddingsResponseDecoder.Decode(output.WrittenSpan, 2, 2).ShouldBeOfType<EmbeddingsResponseDecoding.Decoded>().Response;
            again.Embeddings.ShouldBe(response.Embeddings);
        }
    }

    [Fact]
    public void Base64_is_little_endian()
    {
        var response = Read("""{"data":[{"index":0,"embedding":"AACAPwAAAMA="}]}""", 1).ShouldBeOfType<EmbeddingsResponseDecoding.Decoded>().Response;
        response.Embeddings[0].Values.ShouldBe([1f, -2f]);
    }

    [Theory]
    [InlineData("""{"data":[{"index":0,"embedding":[1]}]}""", 2, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}""", 2, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]}]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}""", 2, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[]}]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[0,0]}]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[1e99]}]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[NaN]}]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":"AADAfw=="}]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":"AAA"}]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[null]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[1]}""", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"data":[{"index":0,"embedding":[1]}]} x""", 1, FailureClass.ProviderProtocol)]
    [InlineData("", 1, FailureClass.ProviderProtocol)]
    [InlineData("""{"error":{"message":"x","code":"insufficient_quota"}}""", 1, FailureClass.ProviderBalance)]
    public void Unsound_vectors_are_refused(string body, int count, FailureClass expected) =>
        Read(body, count).ShouldBeOfType<EmbeddingsResponseDecoding.Failed>().Failure.FailureClass.ShouldBe(expected);

    [Fact]
    public void Wrong_dimension_is_refused() =>
        OpenAIEmbeddingsResponseDecoder.Decode("""{"data":[{"index":0,"embedding":[1,2]}]}"""u8, 1, 3).ShouldBeOfType<EmbeddingsResponseDecoding.Failed>();

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":7},"data":[{"index":0,"embedding":[1,2]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1,2]}],"usage":{"prompt_tokens":7}}""")]
    [InlineData("""{"data":[{"index":0,"embedding":"?"}],"usage":{"prompt_tokens":7}}""")]
    [InlineData("""{"data":[{"index":0,"embedding":["x",[1]]}],"usage":{"prompt_tokens":7}}""")]
    public void Unsound_vectors_do_not_hide_the_usage(string body) =>
        OpenAIEmbeddingsResponseDecoder.Decode(Encoding.UTF8.GetBytes(body), 1, 3).ShouldBeOfType<EmbeddingsResponseDecoding.Failed>()
            .Reported.Usage.InputTokens.ShouldBe(7);

    private static EmbeddingsRequestDecoding Decode(string json) => OpenAIEmbeddingsRequestDecoder.Decode(Encoding.UTF8.GetBytes(json));

    private static EmbeddingsResponseDecoding Read(string body, int count) => OpenAIEmbeddingsResponseDecoder.Decode(Encoding.UTF8.GetBytes(body), count);
}
