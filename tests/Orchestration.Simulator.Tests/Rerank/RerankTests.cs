using System.Text.Json;
using Orchestration.Simulator.Tests.Dialects;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Tests.Rerank;

public sealed class RerankTests(SimulatorHost simulator)
{
    private const string Documents = """["Bananas are yellow","The capital of France is Paris","Paris Hilton"]""";

    private static string Ask(string model, string more = "") =>
        $$"""{"model":"{{model}}","query":"capital of France","documents":{{Documents}}{{more}}}""";

    [Theory]
    [InlineData("jina/v1/rerank", "jina-reranker-v3", """{"model":"jina-reranker-v3","usage":{"total_tokens":N},"results":[{"index":1,"relevance_score":S,"document":{"text":"The capital of France is Paris"}}]}""")]
    [InlineData("vllm/v1/rerank", "BAAI/bge-reranker-v2-m3", """{"id":"ID","model":"BAAI/bge-reranker-v2-m3","results":[{"index":1,"relevance_score":S,"document":{"text":"The capital of France is Paris"}}],"usage":{"total_tokens":N}}""")]
    [InlineData("siliconflow/v1/rerank", "BAAI/bge-reranker-v2-m3", """{"id":"ID","results":[{"index":1,"relevance_score":S}],"meta":{"billed_units":{"input_tokens":N,"output_tokens":0},"tokens":{"input_tokens":N,"output_tokens":0}}}""")]
    [InlineData("zhipu/rerank", "rerank", """{"id":"ID","created":0,"results":[{"index":1,"relevance_score":S}],"usage":{"prompt_tokens":N,"total_tokens":N}}""")]
    [InlineData("baidu/rerankers", "bce-reranker-base", """{"id":"ID","created":0,"model":"bce-reranker-base","results":[{"index":1,"relevance_score":S}],"usage":{"prompt_tokens":N,"total_tokens":N}}""")]
    [InlineData("cohere/v2/rerank", "rerank-v3.5", """{"id":"ID","results":[{"index":1,"relevance_score":S}],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1}}}""")]
    public async Task Answer_has_the_shape_of_its_vendor(string path, string model, string shape)
    {
        var attempt = "rerank " + path;
        var (_, text) = await simulator.PostAsync(path, Ask(model, ",\"top_n\":1"), ("x-orchestration-attempt", attempt));

        var entry = await simulator.JournalOfAsync(attempt);
        var tokens = entry.Int("input_tokens");
        text = System.Text.RegularExpressions.Regex.Replace(text, "\"id\":\"[^\"]*\"", "\"id\":\"ID\"");
        text = System.Text.RegularExpressions.Regex.Replace(text, "\"relevance_score\":[0-9.]+", "\"relevance_score\":S");
        Calls.Steady(text).ShouldBe(shape.Replace(":N", $":{tokens}", StringComparison.Ordinal));
        entry.Str("kind").ShouldBe("rerank");
        entry.Int("search_units").ShouldBe(path.StartsWith("cohere", StringComparison.Ordinal) ? 1 : 0);
        (tokens > 0).ShouldBe(!path.StartsWith("cohere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DashScope_nests_what_it_is_asked_and_what_it_answers()
    {
        var answer = await simulator.CallAsync("alibaba/api/v1/services/rerank/text-rerank/text-rerank",
            $$$"""{"model":"qwen3-rerank","input":{"query":"capital of France","documents":{{{Documents}}}},"parameters":{"return_documents":true,"top_n":2}}""");

        var results = answer.GetProperty("output").GetProperty("results");
        results.GetArrayLength().ShouldBe(2);
        results[0].Int("index").ShouldBe(1);
        results[0].Str("document", "text").ShouldBe("The capital of France is Paris");
        answer.Int("usage", "total_tokens").ShouldBeGreaterThan(0);
        answer.Str("request_id").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Relevance_tells_good_documents_from_bad_ones_in_both_languages()
    {
        var english = await simulator.CallAsync("jina/v1/rerank", Ask("jina-reranker-v3"));
        var chinese = await simulator.CallAsync("siliconflow/v1/rerank",
            """{"model":"BAAI/bge-reranker-v2-m3","query":"法国的首都","documents":["香蕉是黄色的","巴黎是法国的首都","今天天气很好"]}""");

        Scores(english).ShouldBe(Scores(english).OrderDescending());
        Scores(english)[0].ShouldBeGreaterThan(0.6);
        Scores(english)[^1].ShouldBeLessThan(0.2);
        chinese.GetProperty("results")[0].Int("index").ShouldBe(1);
    }

    [Fact]
    public async Task Search_units_count_hundreds_of_chunks()
    {
        var many = string.Join(',', Enumerable.Repeat("\"short\"", 101));
        var answer = await simulator.CallAsync("cohere/v2/rerank", $$"""{"model":"rerank-v3.5","query":"x","documents":[{{many}}]}""", ("x-orchestration-attempt", "units"));
        var huge = string.Concat(Enumerable.Repeat("word ", 50_100));
        var split = await simulator.CallAsync("cohere/v2/rerank", $$"""{"model":"rerank-v3.5","query":"x","documents":["{{huge}}"]}""");

        answer.Int("meta", "billed_units", "search_units").ShouldBe(2);
        split.Int("meta", "billed_units", "search_units").ShouldBe(2);
        (await simulator.JournalOfAsync("units")).GetProperty("list_cost").GetDecimal().ShouldBe(0.004m);
    }

    [Theory]
    [InlineData("jina/v1/rerank", "detail")]
    [InlineData("cohere/v2/rerank", "message")]
    [InlineData("alibaba/api/v1/services/rerank/text-rerank/text-rerank", "code")]
    public async Task Errors_are_the_vendors_own(string path, string member)
    {
        var body = path.StartsWith("alibaba", StringComparison.Ordinal)
            ? $$$"""{"model":"m!429=7","input":{"query":"x","documents":{{{Documents}}}}}"""
            : Ask("m!429=7");
        using var response = await simulator.OpenAsync(path, body);

        ((int)response.StatusCode).ShouldBe(429);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .TryGetProperty(member, out _).ShouldBeTrue();
        (await simulator.PostAsync(path, """{"model":"m"}""")).Status.ShouldBeOneOf(400, 422);
    }

    [Fact]
    public async Task Every_rerank_model_of_the_catalogue_is_served()
    {
        var vendors = VendorCatalogue.Load();
        var served = 0;
        foreach (var vendor in vendors.Ids.Select(id => vendors.Find(id)!))
        {
            foreach (var model in vendor.Models.Where(model => model.Rerank))
            {
                var answer = await simulator.CallAsync($"{vendor.Id}/v1/rerank", Ask(model.Id));
                answer.GetProperty("results").GetArrayLength().ShouldBe(3);
                served++;
            }
        }
        served.ShouldBeGreaterThanOrEqualTo(9);
    }

    private static List<double> Scores(JsonElement answer) =>
        [.. answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("relevance_score").GetDouble())];
}
