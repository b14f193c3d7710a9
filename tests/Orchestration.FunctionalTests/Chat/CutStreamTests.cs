using System.Net.Http.Json;

namespace Orchestration.FunctionalTests.Chat;

/// <summary>An answer that its provider cut never looks finished to the client, wherever the cut fell.</summary>
public sealed class CutStreamTests(SystemFixture system)
{
    // A deployment that is cut again and again is left alone for a while, which would hide the cut: each takes a few.
    private const int CutsPerModel = 4;

    // None that another test asks for: the tests share one simulator.
    private static readonly (string Provider, string Model)[] Models =
    [
        ("openai", "o4-mini"), ("openai", "gpt-4.1-mini"), ("openai", "gpt-4o-mini"), ("mistral", "mistral-medium-2604"),
        ("alibaba", "qwen3-max"), ("alibaba", "qwen-flash"), ("volcengine", "doubao-1-5-pro-32k-250115"), ("stepfun", "step-3.7-flash"),
        ("01ai", "yi-lightning"), ("xai", "grok-4.3"), ("mistral", "mistral-large-2512"), ("groq", "llama-3.3-70b-versatile"),
        ("anthropic", "claude-sonnet-5"), ("google", "gemini-3.5-flash"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cut_stream_never_ends_with_done_or_a_finish_reason()
    {
        var cuts = 0;
        foreach (var (provider, model) in Models)
        {
            var fault = $"/simulator/faults/{provider}/{model}";
            await system.Simulator.PutAsJsonAsync($"/simulator/shapes/{provider}/{model}", new { first_token_ms = 0, token_ms = 0, output_tokens = 8 }, Cancellation);
            (await ReadAsync(provider, model)).ShouldEndWith("data: [DONE]\n\n", customMessage: model);
            for (var cut = 0; cut < CutsPerModel; cut++, cuts++)
            {
                var (kind, bytes) = (cut % 2 == 0 ? "cut" : "rst", (cuts * 61) % 700);
                await system.Simulator.PutAsJsonAsync(fault, new { kind, after_bytes = bytes }, Cancellation);
                var seen = await ReadAsync(provider, model);
                var where = $"{provider}/{model}: {kind} at byte {bytes}";
                seen.ShouldNotContain("[DONE]", customMessage: where);
                seen.ShouldNotContain("\"finish_reason\":\"", customMessage: where);
                seen.ShouldContain("\"error\"", customMessage: where);
                seen.ShouldNotContain("providers_failing", customMessage: where);
            }

            await system.Simulator.DeleteAsync(fault, Cancellation);
            (await ReadAsync(provider, model)).ShouldEndWith("data: [DONE]\n\n", customMessage: model);
        }
    }

    private async Task<string> ReadAsync(string provider, string model)
    {
        var body = $$"""{"model":"{{provider}}/{{model}}","stream":true,"max_tokens":512,"messages":[{"role":"user","content":"Say something short, in a few words."}]}""";
        using var response = await system.Gateway.PostAsync("/v1/chat/completions", HttpContentJson.Json(body), Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
