using System.Text.Json;
using Orchestration.Simulator.Tests.Dialects;

namespace Orchestration.Simulator.Tests.Gemini;

public sealed class GeminiShapeTests(SimulatorHost simulator)
{
    private const string Tools = ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"get_weather\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":{\"city\":{\"type\":\"STRING\"}}}},{\"name\":\"get_time\"}]}]";

    private static string Plain(string model) => $"google/v1beta/models/{model}:generateContent";

    private static string Events(string model) => $"google/v1beta/models/{model}:streamGenerateContent?alt=sse";

    private static string Ask(string text, string more = "") => $$"""{"contents":[{"role":"user","parts":[{"text":"{{text}}"}]}]{{more}}}""";

    [Fact]
    public async Task Plain_answer_has_the_recorded_shape_and_is_pretty_printed()
    {
        var (_, text) = await simulator.PostAsync(Plain("gemini-2.5-flash"), Ask("Say hi", ",\"generationConfig\":{\"maxOutputTokens\":3,\"thinkingConfig\":{\"thinkingBudget\":0}}"));

        text.ShouldStartWith("{\n  \"candidates\": [\n    {\n      \"content\": {\n        \"parts\": [");
        var answer = JsonSerializer.Deserialize<JsonElement>(text);
        JsonSerializer.Serialize(answer.GetProperty("candidates")).ShouldBe(
            """[{"content":{"parts":[{"text":"This is a"}],"role":"model"},"finishReason":"MAX_TOKENS","index":0}]""");
        JsonSerializer.Serialize(answer.GetProperty("usageMetadata")).ShouldBe(
            """{"promptTokenCount":6,"candidatesTokenCount":3,"totalTokenCount":9,"promptTokensDetails":[{"modality":"TEXT","tokenCount":6}]}""");
        answer.Str("modelVersion").ShouldBe("gemini-2.5-flash");
        answer.Str("responseId")!.Length.ShouldBe(22);
    }

    [Fact]
    public async Task Stream_is_parted_by_carriage_returns_and_its_usage_grows()
    {
        var (_, text) = await simulator.PostAsync(Events("gemini-2.5-flash"), Ask("Say hi", ",\"generationConfig\":{\"maxOutputTokens\":2,\"thinkingConfig\":{\"thinkingBudget\":0}}"));

        const string Usage = ""","promptTokensDetails":[{"modality":"TEXT","tokenCount":6}]},"modelVersion":"gemini-2.5-flash","responseId":"ID"}""";
        System.Text.RegularExpressions.Regex.Replace(text, "\"responseId\":\"[^\"]*\"", "\"responseId\":\"ID\"").ShouldBe(
            """data: {"candidates":[{"content":{"parts":[{"text":"This"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":6,"candidatesTokenCount":1,"totalTokenCount":7""" + Usage + "\r\n\r\n" +
            """data: {"candidates":[{"content":{"parts":[{"text":" is"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":6,"candidatesTokenCount":2,"totalTokenCount":8""" + Usage + "\r\n\r\n" +
            """data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"MAX_TOKENS","index":0}],"usageMetadata":{"promptTokenCount":6,"candidatesTokenCount":2,"totalTokenCount":8""" + Usage + "\r\n\r\n");
    }

    [Fact]
    public async Task Without_events_the_stream_is_one_array()
    {
        var (_, text) = await simulator.PostAsync("google/v1beta/models/gemini-2.5-flash:streamGenerateContent", Ask("Say hi"));

        var chunks = JsonSerializer.Deserialize<JsonElement>(text);
        chunks.ValueKind.ShouldBe(JsonValueKind.Array);
        chunks[chunks.GetArrayLength() - 1].GetProperty("candidates")[0].Str("finishReason").ShouldBe("STOP");
    }

    [Fact]
    public async Task Thoughts_are_counted_outside_the_candidates_and_shown_when_asked_for()
    {
        var hidden = await simulator.CallAsync(Plain("gemini-2.5-pro"), Ask("Why?"), ("x-orchestration-attempt", "thoughts"));
        var (_, stream) = await simulator.PostAsync(Events("gemini-2.5-pro"), Ask("Why?", ",\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":true}}"));

        var usage = hidden.GetProperty("usageMetadata");
        usage.Int("totalTokenCount").ShouldBe(usage.Int("promptTokenCount") + usage.Int("candidatesTokenCount") + usage.Int("thoughtsTokenCount"));
        hidden.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").GetArrayLength().ShouldBe(1);
        var entry = await simulator.JournalOfAsync("thoughts");
        entry.Int("output_tokens").ShouldBe(usage.Int("candidatesTokenCount") + usage.Int("thoughtsTokenCount"));
        entry.Int("reasoning_tokens").ShouldBe(usage.Int("thoughtsTokenCount"));
        Calls.Data(stream).Count(chunk => chunk.GetRawText().Contains("\"thought\":true", StringComparison.Ordinal)).ShouldBe(usage.Int("thoughtsTokenCount"));
    }

    [Fact]
    public async Task Function_calls_come_whole_and_the_first_is_signed()
    {
        var (_, stream) = await simulator.PostAsync(Events("gemini-3.5-flash"), Ask("get_weather and get_time", Tools));
        var plain = await simulator.CallAsync(Plain("gemini-3.5-flash"), Ask("get_weather and get_time", Tools));

        var parts = Calls.Data(stream).Select(chunk => chunk.GetProperty("candidates")[0]).ToList();
        parts.Count.ShouldBe(3);
        parts[0].GetProperty("content").GetProperty("parts")[0].GetProperty("functionCall").GetRawText()
            .ShouldBe("""{"name":"get_weather","args":{"city":"sample 1"}}""");
        parts[0].GetProperty("content").GetProperty("parts")[0].TryGetProperty("thoughtSignature", out _).ShouldBeTrue();
        parts[1].GetProperty("content").GetProperty("parts")[0].TryGetProperty("thoughtSignature", out _).ShouldBeFalse();
        parts[2].GetProperty("content").GetProperty("parts").GetRawText().ShouldBe("""[{"text":""}]""");
        parts[2].Str("finishReason").ShouldBe("STOP");
        plain.GetProperty("candidates")[0].Str("finishMessage").ShouldBe("Model generated function call(s).");
    }

    [Fact]
    public async Task Signature_of_a_text_stands_on_an_empty_part_behind_it()
    {
        var (_, stream) = await simulator.PostAsync(Events("gemini-3.6-flash"), Ask("Say hi"));

        var last = Calls.Data(stream)[^1].GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0];
        last.Str("text").ShouldBe("");
        last.Str("thoughtSignature").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Several_candidates_all_end()
    {
        var (_, stream) = await simulator.PostAsync(Events("gemini-2.5-flash"), Ask("Two", ",\"generationConfig\":{\"candidateCount\":2}"));

        Calls.Data(stream).Select(chunk => chunk.GetProperty("candidates")[0]).Where(candidate => candidate.TryGetProperty("finishReason", out _))
            .Select(candidate => candidate.Int("index")).Order().ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Refused_prompt_has_feedback_and_no_candidate()
    {
        var plain = await simulator.CallAsync(Plain("gemini-2.5-flash!refusal"), Ask("Say hi"));
        var (_, stream) = await simulator.PostAsync(Events("gemini-2.5-flash!refusal"), Ask("Say hi"));
        var (_, filtered) = await simulator.PostAsync(Events("gemini-2.5-flash!filtered"), Ask("Say hi"));

        plain.Str("promptFeedback", "blockReason").ShouldBe("PROHIBITED_CONTENT");
        plain.TryGetProperty("candidates", out _).ShouldBeFalse();
        Calls.Data(stream).Single().Str("promptFeedback", "blockReason").ShouldBe("PROHIBITED_CONTENT");
        Calls.Data(filtered)[^1].GetProperty("candidates").GetRawText().ShouldBe("""[{"finishReason":"SAFETY","index":0}]""");
    }

    [Fact]
    public async Task Batch_of_embeddings_has_no_usage_and_is_journalled()
    {
        var answer = await simulator.CallAsync("google/v1beta/models/gemini-embedding-001:batchEmbedContents",
            """{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"one two"}]},"outputDimensionality":768},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"three"}]}}]}""",
            ("x-orchestration-attempt", "gemini-batch"));

        answer.GetProperty("embeddings")[0].GetProperty("values").GetArrayLength().ShouldBe(768);
        answer.GetProperty("embeddings")[1].GetProperty("values").GetArrayLength().ShouldBe(3072);
        answer.EnumerateObject().Count().ShouldBe(1);
        (await simulator.JournalOfAsync("gemini-batch")).Int("input_tokens").ShouldBe(4);
    }

    [Fact]
    public async Task Models_are_listed_by_their_full_names()
    {
        var text = await simulator.Client.GetStringAsync("google/v1beta/models?key=any", TestContext.Current.CancellationToken);

        text.ShouldContain("\"name\": \"models/gemini-3.6-flash\"");
    }
}
