using System.Text.Json;
using Orchestration.Simulator.Tests.Dialects;

namespace Orchestration.Simulator.Tests.Ollama;

public sealed class OllamaShapeTests(SimulatorHost simulator)
{
    private const string Path = "ollama/api/chat";
    private const string Tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}]";

    private static string Ask(string text, string more = "", string model = "llama3.2:3b") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}]{{more}}}""";

    [Fact]
    public async Task Stream_is_lines_and_the_last_one_is_done()
    {
        using var response = await simulator.OpenAsync(Path, Ask("Say hi", ",\"options\":{\"num_predict\":2}"));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.Content.Headers.ContentType!.ToString().ShouldBe("application/x-ndjson");
        Calls.Steady(text).ShouldBe("""
            {"model":"llama3.2:3b","created_at":0,"message":{"role":"assistant","content":"This"},"done":false}
            {"model":"llama3.2:3b","created_at":0,"message":{"role":"assistant","content":" is"},"done":false}
            {"model":"llama3.2:3b","created_at":0,"message":{"role":"assistant","content":""},"done":true,"done_reason":"length","total_duration":12345680,"load_duration":12345678,"prompt_eval_count":6,"prompt_eval_duration":1,"eval_count":2,"eval_duration":1}

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Plain_answer_thinks_in_a_member_of_its_own()
    {
        var answer = await simulator.CallAsync(Path, Ask("Why?", ",\"stream\":false,\"think\":true", "qwen3:8b"), ("x-orchestration-attempt", "ollama-think"));

        answer.GetProperty("message").Str("thinking").ShouldNotBeNullOrEmpty();
        answer.Str("done_reason").ShouldBe("stop");
        var entry = await simulator.JournalOfAsync("ollama-think");
        entry.Int("output_tokens").ShouldBe(answer.Int("eval_count"));
        entry.Int("input_tokens").ShouldBe(answer.Int("prompt_eval_count"));
        (await simulator.PostAsync(Path, Ask("Why?", ",\"think\":true"))).Text.ShouldContain("does not support thinking");
    }

    [Fact]
    public async Task Arguments_of_a_call_are_an_object()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("get_weather", Tools));

        var lines = Calls.Lines(text);
        lines[0].GetProperty("message").GetProperty("tool_calls").GetRawText().ShouldBe("""[{"function":{"name":"get_weather","arguments":{"city":"sample 1"}}}]""");
        lines[^1].Str("done_reason").ShouldBe("stop");
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "model is required")]
    [InlineData("""{"model":"m","messages":[{"role":"developer","content":"x"}]}""", "invalid role")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]}""", "cannot unmarshal array")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x","images":["data:image/png;base64,AA"]}]}""", "illegal base64")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}]}""", "cannot unmarshal string")]
    public async Task Bad_request_is_refused_in_one_member(string body, string message)
    {
        var (status, text) = await simulator.PostAsync(Path, body);

        status.ShouldBe(400);
        JsonSerializer.Deserialize<JsonElement>(text).Str("error")!.ShouldContain(message);
    }

    [Fact]
    public async Task Embeddings_and_tags_are_served()
    {
        var embeddings = await simulator.CallAsync("ollama/api/embed", """{"model":"nomic-embed-text","input":["one","two three"]}""");
        var tags = await simulator.Client.GetStringAsync("ollama/api/tags", TestContext.Current.CancellationToken);

        embeddings.GetProperty("embeddings").GetArrayLength().ShouldBe(2);
        embeddings.GetProperty("embeddings")[0].GetArrayLength().ShouldBe(768);
        embeddings.Int("prompt_eval_count").ShouldBe(4);
        tags.ShouldStartWith("""{"models":[{"name":"llama3.2:3b","model":"llama3.2:3b",""");
    }
}
