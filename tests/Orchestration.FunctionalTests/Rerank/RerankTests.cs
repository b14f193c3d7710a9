using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Orchestration.FunctionalTests.Rerank;

/// <summary>Ranks and vectors through the whole system, each vendor in its own shape.</summary>
public sealed class RerankTests(SystemFixture system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rerank", "alibaba")]
    [InlineData("jina/jina-reranker-v3", "jina")]
    [InlineData("cohere/rerank-v3.5", "cohere")]
    [InlineData("siliconflow/BAAI/bge-reranker-v2-m3", "siliconflow")]
    [InlineData("zhipu/rerank", "zhipu")]
    public async Task Every_vendor_ranks_and_is_metered_exactly(string model, string provider)
    {
        using var response = await PostAsync("/v1/rerank", $$"""
            {"model":"{{model}}","query":"returning a parcel","documents":["The weather is fine.","Returning a parcel takes thirty days.","Paper is old."],"top_n":2,"return_documents":true}
            """);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-orchestration-provider").Single().ShouldBe(provider);
        var results = (await response.Content.ReadAsAsync(Cancellation)).GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(2);
        results[0].GetProperty("document").GetProperty("text").GetString().ShouldBe("Returning a parcel takes thirty days.");
        results[0].GetProperty("relevance_score").GetDouble().ShouldBeGreaterThanOrEqualTo(results[1].GetProperty("relevance_score").GetDouble());
        var row = await system.Admin.SettledRequestAsync(response.Headers.GetValues("x-request-id").Single(), Cancellation);
        row.GetProperty("settlement").GetString().ShouldBe("SETTLEMENT_EXACT");
        row.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem().GetProperty("provider").GetString().ShouldBe(provider);
    }

    [Fact]
    public async Task Searches_cost_their_units()
    {
        var documents = string.Join(',', Enumerable.Repeat("\"Paper is old.\"", 101));
        using var response = await PostAsync("/v1/rerank", $$"""{"model":"cohere/rerank-v3.5","query":"paper","documents":[{{documents}}]}""");

        (await response.Content.ReadAsAsync(Cancellation)).GetProperty("usage").GetProperty("search_units").GetInt32().ShouldBe(2);
        var row = await system.Admin.SettledRequestAsync(response.Headers.GetValues("x-request-id").Single(), Cancellation);
        var cost = row.GetProperty("attempts")[0].GetProperty("cost");
        decimal.Parse(cost.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture).ShouldBe(0.004m);
    }

    [Theory]
    [InlineData("alibaba/text-embedding-v4", 25, 3)]
    [InlineData("minimax/embo-01", 3, 1)]
    public async Task Vectors_come_in_order_however_many_calls_they_take(string model, int texts, int calls)
    {
        var inputs = string.Join(',', Enumerable.Range(1, texts).Select(i => $"\"Text number {i}\""));
        using var response = await PostAsync("/v1/embeddings", $$"""{"model":"{{model}}","input":[{{inputs}}]}""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await response.Content.ReadAsAsync(Cancellation);
        using var last = await PostAsync("/v1/embeddings", $$"""{"model":"{{model}}","input":"Text number {{texts}}"}""");
        FirstOf(body, texts - 1).ShouldBe(FirstOf(await last.Content.ReadAsAsync(Cancellation), 0));
        var row = await system.Admin.SettledRequestAsync(response.Headers.GetValues("x-request-id").Single(), Cancellation);
        var attempts = row.GetProperty("attempts").EnumerateArray().ToList();
        attempts.Count.ShouldBe(calls);
        attempts.Sum(a => a.GetProperty("usage").GetProperty("inputTokens").GetInt64()).ShouldBe(body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64());
    }

    private static float FirstOf(JsonElement body, int index) => body.GetProperty("data")[index].GetProperty("embedding")[0].GetSingle();

    private async Task<HttpResponseMessage> PostAsync(string path, string json) =>
        await system.Gateway.PostAsync(path, HttpContentJson.Json(json), Cancellation);
}
