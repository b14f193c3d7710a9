using System.Text;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Embeddings;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.Embeddings;

public sealed class MiniMaxEmbeddingsTests
{
    [Theory]
    [InlineData(EmbeddedAs.Document, "", """{"model":"embo-01","texts":["one","two"],"type":"db"}""")]
    [InlineData(EmbeddedAs.Query, "", """{"model":"embo-01","texts":["one","two"],"type":"query"}""")]
    [InlineData(EmbeddedAs.Query, """{"type":"db","x":1}""", """{"model":"embo-01","texts":["one","two"],"type":"db","x":1}""")]
    public void Texts_are_sent_with_what_they_are_for(EmbeddedAs embeddedAs, string extensions, string expected)
    {
        var request = new EmbeddingsRequest { Inputs = { "one", "two" }, Dimensions = 8, EndUser = "u", Extensions = extensions };

        var encoded = MiniMaxEmbeddingsEncoder.Encode(request, new EmbeddingsTarget { Model = "embo-01", EmbeddedAs = embeddedAs });

        Encoding.UTF8.GetString(encoded.Body.Span).ShouldBe(expected);
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("dimensions");
    }

    [Fact]
    public void Vectors_come_in_the_order_of_the_texts()
    {
        var response = Read("""{"vectors":[[0.5,1],[0.25,-1]],"total_tokens":7,"base_resp":{"status_code":0,"status_msg":"success"}}""", 2)
            .ShouldBeOfType<EmbeddingsResponseDecoding.Decoded>().Response;

        response.Embeddings.Select(v => v.Values[0]).ShouldBe([0.5f, 0.25f]);
        response.Usage.InputTokens.ShouldBe(7);
    }

    [Theory]
    [InlineData("""{"vectors":null,"total_tokens":0,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}""", FailureClass.ProviderBalance)]
    [InlineData("""{"vectors":[[1,2]],"total_tokens":5}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"vectors":[[1,2],[1,2],[1,2]],"total_tokens":5}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"vectors":[[1,2],[1]],"total_tokens":5}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"vectors":[[1,2],[0,0]],"total_tokens":5}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"vectors":[[1,2],[1,1e99]],"total_tokens":5}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"vectors":[[1,2],"x"],"total_tokens":5}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"vectors":[[1,2]""", FailureClass.ProviderProtocol)]
    public void Unsound_vectors_are_refused(string body, FailureClass expected) =>
        Read(body, 2).ShouldBeOfType<EmbeddingsResponseDecoding.Failed>().Failure.FailureClass.ShouldBe(expected);

    private static EmbeddingsResponseDecoding Read(string body, int count) => MiniMaxEmbeddingsDecoder.Decode(
        Encoding.UTF8.GetBytes(body), count, 2, new ProviderErrorRules { Codes = new Dictionary<string, FailureClass> { ["1008"] = FailureClass.ProviderBalance } });
}
