using System.Text;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols.Rerank;

namespace Orchestration.Protocols.Tests.Rerank;

public sealed class RerankRequestTests
{
    [Fact]
    public void Documents_are_texts_or_objects_with_a_text()
    {
        var decoded = Decode("""
            {"model":"m","query":"q","documents":["one",{"text":"two","title":"t"}],"top_n":1,"return_documents":true,"user":"u",
            "orchestration":{"strict":true},"max_tokens_per_doc":512,"api_base":"http://x"}
            """).ShouldBeOfType<RerankRequestDecoding.Decoded>();

        decoded.Request.Documents.ShouldBe(["one", "two"]);
        (decoded.Request.Model, decoded.Request.Query, decoded.Request.TopCount, decoded.Request.ReturnDocuments).ShouldBe(("m", "q", 1, true));
        decoded.Request.Hints.Strict.ShouldBeTrue();
        decoded.Request.Extensions.ShouldBe("""{"max_tokens_per_doc":512}""");
        decoded.EndUser.ShouldBe("u");
        decoded.Warnings.Select(w => w.Param).ShouldBe(["documents[1].title", "api_base"]);
    }

    public static TheoryData<string, string, string> Wrong() => new()
    {
        { """{"query":"q","documents":["a"]}""", "model", "missing_required_parameter" },
        { """{"model":"m","documents":["a"]}""", "query", "missing_required_parameter" },
        { """{"model":"m","query":"","documents":["a"]}""", "query", "empty_string" },
        { """{"model":"m","query":"q"}""", "documents", "missing_required_parameter" },
        { """{"model":"m","query":"q","documents":[]}""", "documents", "empty_array" },
        { """{"model":"m","query":"q","documents":["a",""]}""", "documents[1]", "empty_string" },
        { """{"model":"m","query":"q","documents":[5]}""", "documents[0]", "invalid_type" },
        { """{"model":"m","query":"q","documents":[{"image":"x"}]}""", "documents[0].text", "missing_required_parameter" },
        { """{"model":"m","query":"q","documents":["a"],"top_n":0}""", "top_n", "integer_below_min_value" },
        { """{"model":"m","query":"q","documents":[""" + string.Join(',', Enumerable.Repeat("\"a\"", 1_001)) + "]}", "documents", "array_above_max_length" },
        { "[]", "", "invalid_type" },
        { "{", "", "invalid_json" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_request_is_refused_by_name(string json, string param, string code)
    {
        var failure = Decode(json).ShouldBeOfType<RerankRequestDecoding.Rejected>().Failure;
        (failure.Param, failure.Code).ShouldBe((param, code));
    }

    [Theory]
    [InlineData(RerankDialect.Jina, """{"model":"up","query":"q","documents":["one","two"],"top_n":2,"return_documents":false,"x":1}""")]
    [InlineData(RerankDialect.Cohere, """{"model":"up","query":"q","documents":["one","two"],"top_n":2,"x":1}""")]
    [InlineData(RerankDialect.DashScope, """{"model":"up","input":{"query":"q","documents":["one","two"]},"parameters":{"top_n":2,"return_documents":false,"x":1}}""")]
    public void Each_vendor_is_asked_in_its_own_shape(RerankDialect dialect, string expected)
    {
        var request = new RerankRequest { Query = "q", Documents = { "one", "two" }, TopCount = 9, ReturnDocuments = true, Extensions = """{"x":1,"api_key":"k"}""" };

        var encoded = RerankRequestEncoder.Encode(request, new RerankTarget { Model = "up", Dialect = dialect });

        Encoding.UTF8.GetString(encoded.Body.Span).ShouldBe(expected);
        encoded.Warnings.ShouldHaveSingleItem().Param.ShouldBe("api_key");
    }

    [Fact]
    public void Member_that_a_vendor_does_not_take_is_dropped_and_told()
    {
        var request = new RerankRequest { Query = "q", Documents = { "one" }, Extensions = """{"rank_fields":["a"]}""" };
        var target = new RerankTarget { Model = "up", UnsupportedMembers = new HashSet<string> { "return_documents", "rank_fields" } };

        var encoded = RerankRequestEncoder.Encode(request, target);

        Encoding.UTF8.GetString(encoded.Body.Span).ShouldBe("""{"model":"up","query":"q","documents":["one"]}""");
        (encoded.Warnings.Single().Code, encoded.Warnings.Single().Param).ShouldBe(("parameter_dropped", "rank_fields"));
    }

    [Theory]
    [InlineData(1, 10, 1)]
    [InlineData(100, 10, 1)]
    [InlineData(101, 10, 2)]
    [InlineData(100, 501, 2)]
    [InlineData(1, 50_001, 2)]
    public void Search_unit_is_a_query_with_a_hundred_documents_of_five_hundred_tokens(int documents, int tokens, int units)
    {
        var request = new RerankRequest { Query = "q", Documents = { Enumerable.Repeat("d", documents) } };

        RerankMeasure.SearchUnits(request, _ => tokens).ShouldBe(units);
    }

    [Fact]
    public void Query_is_read_again_with_each_document()
    {
        var request = new RerankRequest { Query = "four", Documents = { "a", "bcd" } };

        RerankMeasure.Size(request).Bytes.ShouldBe(12);
        RerankMeasure.Largest(request).Bytes.ShouldBe(7);
    }

    private static RerankRequestDecoding Decode(string json) => RerankRequestDecoder.Decode(Encoding.UTF8.GetBytes(json));
}
