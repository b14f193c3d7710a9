using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Rerank;

namespace Orchestration.Protocols.Tests.Rerank;

public sealed class RerankResponseTests
{
    // The answers as each vendor documents them.
    public static TheoryData<string, string, long, long, string> Vendors() => new()
    {
        { "jina", """{"model":"jina-reranker-v3","usage":{"total_tokens":38},"results":[{"index":1,"relevance_score":0.98,"document":{"text":"two"}},{"index":0,"relevance_score":0.03,"document":{"text":"one"}}]}""", 38, 0, "" },
        { "siliconflow", """{"id":"s-1","results":[{"document":{"text":"two"},"index":1,"relevance_score":0.98},{"document":null,"index":0,"relevance_score":0.03}],"meta":{"billed_units":{"input_tokens":24,"output_tokens":0,"search_units":0,"classifications":0},"tokens":{"input_tokens":30,"output_tokens":0}}}""", 24, 0, "s-1" },
        { "zhipu", """{"created":1,"request_id":"z-1","id":"z-2","results":[{"index":1,"relevance_score":0.98},{"index":0,"relevance_score":0.03}],"usage":{"prompt_tokens":21,"total_tokens":21}}""", 21, 0, "z-2" },
        { "cohere", """{"id":"c-1","results":[{"index":1,"relevance_score":0.98},{"index":0,"relevance_score":0.03}],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1}}}""", 0, 1, "c-1" },
        { "alibaba", """{"output":{"results":[{"index":1,"relevance_score":0.98,"document":{"text":"two"}},{"index":0,"relevance_score":0.03}]},"usage":{"total_tokens":79},"request_id":"d-1"}""", 79, 0, "d-1" },
        { "unsorted", """{"results":[{"index":0,"score":0.03},{"index":1,"score":0.98}],"usage":{"input_tokens":5},"object":"list"}""", 5, 0, "" },
    };

    [Theory]
    [MemberData(nameof(Vendors))]
    public void Ranks_of_every_vendor_are_read_by_falling_relevance(string vendor, string body, long tokens, long units, string id)
    {
        vendor.ShouldNotBeEmpty();
        var response = Read(body, 2).ShouldBeOfType<RerankResponseDecoding.Decoded>().Response;

        response.Results.Select(r => (r.Index, r.Relevance)).ShouldBe([(1, 0.98), (0, 0.03)]);
        response.Results.ShouldAllBe(r => r.Document.Length == 0);
        (response.Usage.InputTokens, response.Usage.SearchUnits, response.Usage.Source).ShouldBe((tokens, units, UsageSource.Provider));
        response.Response.ProviderResponseId.ShouldBe(id);
    }

    [Fact]
    public void Ranks_beyond_those_asked_for_are_cut_off() =>
        Read("""{"results":[{"index":0,"relevance_score":0.1},{"index":1,"relevance_score":0.9}]}""", 2, 1)
            .ShouldBeOfType<RerankResponseDecoding.Decoded>().Response.Results.Single().Index.ShouldBe(1);

    [Theory]
    [InlineData("""{"results":[{"index":2,"relevance_score":1},{"index":0,"relevance_score":1}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[{"index":-1,"relevance_score":1},{"index":0,"relevance_score":1}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[{"index":0,"relevance_score":1},{"index":0,"relevance_score":1}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[{"index":0,"relevance_score":1}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[{"index":0,"relevance_score":1},{"index":1,"relevance_score":1e999}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[{"index":0,"relevance_score":1},{"index":1,"relevance_score":NaN}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[{"index":0,"relevance_score":1},{"index":1,"relevance_score":"1"}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[{"index":0,"relevance_score":1},{"index":1.5,"relevance_score":1}]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[null,null]}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":{}}""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[""", FailureClass.ProviderProtocol)]
    [InlineData("""{"results":[]} x""", FailureClass.ProviderProtocol)]
    [InlineData("[]", FailureClass.ProviderProtocol)]
    [InlineData("", FailureClass.ProviderProtocol)]
    [InlineData("""{"error":{"message":"x","code":"insufficient_quota"}}""", FailureClass.ProviderBalance)]
    [InlineData("""{"code":"Busy","message":"x","request_id":"1"}""", FailureClass.ProviderOverloaded)]
    public void Unsound_ranks_are_refused(string body, FailureClass expected) =>
        Read(body, 2).ShouldBeOfType<RerankResponseDecoding.Failed>().Failure.FailureClass.ShouldBe(expected);

    [Fact]
    public void Unsound_ranks_do_not_hide_the_usage()
    {
        var failed = Read("""{"results":[{"index":7,"relevance_score":1}],"meta":{"billed_units":{"search_units":3}}}""", 1).ShouldBeOfType<RerankResponseDecoding.Failed>();

        failed.Reported.Usage.SearchUnits.ShouldBe(3);
        failed.Reported.Results.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, """[{"index":1,"relevance_score":0.5}]""")]
    [InlineData(true, """[{"index":1,"relevance_score":0.5,"document":{"text":"二"}}]""")]
    public void Client_is_answered_with_texts_only_when_it_asked(bool documents, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        var response = new Contracts.Rerank.V1.RerankResponse
        {
            Results = { new Contracts.Rerank.V1.RankedDocument { Index = 1, Relevance = 0.5, Document = "二" } },
            Usage = new Usage { SearchUnits = 2 },
        };

        RerankResponseEncoder.Write(output, response, new OrchestrationFacts { RequestId = "r", Provider = "cohere" }, "rerank-v3.5", documents);

        var json = JsonNode.Parse(output.WrittenSpan)!.AsObject();
        json.Select(m => m.Key).ShouldBe(["id", "model", "results", "usage", "orchestration"]);
        JsonNode.DeepEquals(json["results"], JsonNode.Parse(expected)).ShouldBeTrue();
        json["usage"]!.ToJsonString().ShouldBe("""{"prompt_tokens":0,"total_tokens":0,"search_units":2}""");
        ((string?)json["id"], (string?)json["orchestration"]!["provider"]).ShouldBe(("r", "cohere"));
    }

    private static RerankResponseDecoding Read(string body, int documents, int? top = null) => RerankResponseDecoder.Decode(
        Encoding.UTF8.GetBytes(body), documents, top, new ProviderErrorRules { Codes = new Dictionary<string, FailureClass> { ["Busy"] = FailureClass.ProviderOverloaded } });
}
