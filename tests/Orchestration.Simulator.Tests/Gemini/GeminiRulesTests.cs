using System.Text.Json;
using Orchestration.Simulator.Tests.Dialects;

namespace Orchestration.Simulator.Tests.Gemini;

public sealed class GeminiRulesTests(SimulatorHost simulator)
{
    private const string Model = "google/v1beta/models/gemini-3.5-flash:generateContent";
    private const string Tools = ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"get_time\"}]}]";
    private const string Asked = """{"role":"user","parts":[{"text":"get_time"}]}""";
    private const string Result = """{"role":"user","parts":[{"functionResponse":{"name":"get_time","response":{"result":"noon"}}}]}""";

    [Theory]
    [InlineData("""{"contents":[]}""", "contents is not specified")]
    [InlineData("""{"contents":[{"role":"assistant","parts":[{"text":"x"}]}]}""", "Please use a valid role: user, model.")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"messages":[]}""", "Unknown name \"messages\": Cannot find field.")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"max_tokens":5}}""", "Unknown name \"max_tokens\" at 'generation_config'")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"temperature":2.5}}""", "[0.0, 2.0]")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"stopSequences":["1","2","3","4","5","6"]}}""", "stop sequences is 5")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object","additionalProperties":false}}]}]}""", "Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters'")]
    [InlineData("""{"contents":[{"parts":[{}]}]}""", "required oneof field 'data'")]
    public async Task Bad_request_is_refused_in_the_words_of_the_API(string body, string message)
    {
        var (status, text) = await simulator.PostAsync(Model, body);

        status.ShouldBe(400);
        var error = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("error");
        error.Int("code").ShouldBe(400);
        error.Str("status").ShouldBe("INVALID_ARGUMENT");
        error.Str("message")!.ShouldContain(message);
    }

    [Fact]
    public async Task Signature_of_a_function_call_must_come_back()
    {
        var answer = await simulator.CallAsync(Model, $$"""{"contents":[{{Asked}}]{{Tools}}}""");
        var part = answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0];

        (await ReplayAsync(part.GetRawText())).Status.ShouldBe(200);
        (await ReplayAsync("""{"functionCall":{"name":"get_time","args":{}},"thoughtSignature":"skip_thought_signature_validator"}""")).Status.ShouldBe(200);
        (await ReplayAsync("""{"functionCall":{"name":"get_time","args":{}},"thoughtSignature":"Zm9yZWlnbg=="}""")).Text.ShouldContain("Thought signature is not valid");
        var (status, text) = await ReplayAsync("""{"functionCall":{"name":"get_time","args":{}}}""");
        status.ShouldBe(400);
        text.ShouldContain("Function call is missing a thought_signature");
        (await ReplayAsync("""{"functionCall":{"name":"get_time","args":{}}}""", "gemini-2.5-flash")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Calls_and_responses_must_match()
    {
        const string Twice = """{"functionCall":{"name":"get_time"},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"get_time"}}""";

        (await ReplayAsync(Twice)).Text.ShouldContain("number of function response parts is equal");
        (await simulator.PostAsync(Model, $$"""{"contents":[{{Asked}},{{Result}}]}""")).Text.ShouldContain("function response turn comes immediately after");
        (await simulator.PostAsync(Model, """{"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}}]}]}""")).Text.ShouldContain("function call turn comes immediately after");
    }

    [Fact]
    public async Task Missing_key_is_refused()
    {
        using var response = await simulator.SendAsync(Model, new { contents = new[] { new { parts = new[] { new { text = "x" } } } } });

        ((int)response.StatusCode).ShouldBe(403);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("PERMISSION_DENIED");
    }

    private Task<(int Status, string Text)> ReplayAsync(string parts, string model = "gemini-3.5-flash") => simulator.PostAsync(
        $"google/v1beta/models/{model}:generateContent",
        $$"""{"contents":[{{Asked}},{"role":"model","parts":[{{parts}}]},{{Result}}]{{Tools}}}""");
}
