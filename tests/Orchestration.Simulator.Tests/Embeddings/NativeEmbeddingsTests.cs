using Orchestration.Simulator.Tests.Dialects;

namespace Orchestration.Simulator.Tests.Embeddings;

public sealed class NativeEmbeddingsTests(SimulatorHost simulator)
{
    [Fact]
    public async Task MiniMax_answers_with_vectors_and_its_own_status()
    {
        var answer = await simulator.CallAsync("minimax/v1/embeddings?GroupId=1", """{"model":"embo-01","texts":["one","two three"],"type":"db"}""", ("x-orchestration-attempt", "embo"));

        answer.GetProperty("vectors").GetArrayLength().ShouldBe(2);
        answer.GetProperty("vectors")[0].GetArrayLength().ShouldBe(1536);
        answer.Int("base_resp", "status_code").ShouldBe(0);
        (await simulator.JournalOfAsync("embo")).Int("input_tokens").ShouldBe(answer.Int("total_tokens"));
    }

    [Theory]
    [InlineData("""{"model":"embo-01","input":"x"}""", 2013)]
    [InlineData("""{"model":"embo-01!429","texts":["x"],"type":"db"}""", 1002)]
    [InlineData("""{"model":"embo-01!402","texts":["x"],"type":"db"}""", 1008)]
    public async Task MiniMax_tells_its_errors_under_status_200(string body, int code)
    {
        (await simulator.CallAsync("minimax/v1/embeddings", body)).Int("base_resp", "status_code").ShouldBe(code);
    }

    [Fact]
    public async Task Cohere_answers_with_floats_and_billed_units()
    {
        var answer = await simulator.CallAsync("cohere/v2/embed",
            """{"model":"embed-v4.0","texts":["one","two three"],"input_type":"search_query","embedding_types":["float"],"output_dimension":256}""");

        answer.GetProperty("embeddings").GetProperty("float")[1].GetArrayLength().ShouldBe(256);
        answer.Int("meta", "billed_units", "input_tokens").ShouldBeGreaterThan(0);
        (await simulator.PostAsync("cohere/v2/embed", """{"model":"embed-v4.0","texts":["x"]}""")).Text.ShouldContain("input_type is required");
    }
}
