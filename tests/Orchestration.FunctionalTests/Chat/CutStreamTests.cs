using System.Net.Http.Json;

namespace Orchestration.FunctionalTests.Chat;

/// <summary>An answer that its provider cut never looks finished to the client, wherever the cut fell.</summary>
public sealed class CutStreamTests(SystemFixture system)
{
    private const string Model = "gpt-4.1-mini";
    private const string Fault = $"/simulator/faults/openai/{Model}";
    private const string Body = $$"""{"model":"openai/{{Model}}","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Say something short."}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cut_stream_never_ends_with_done_or_a_finish_reason()
    {
        await system.Simulator.PutAsJsonAsync($"/simulator/shapes/openai/{Model}", new { first_token_ms = 0, token_ms = 0, output_tokens = 8 }, Cancellation);
        var whole = await UpstreamBodyAsync();
        var finish = whole.IndexOf("\"finish_reason\":\"", StringComparison.Ordinal);
        finish.ShouldBeGreaterThan(200);

        foreach (var (kind, cut) in Enumerable.Range(0, finish / 61).SelectMany(step => new[] { ("cut", step * 61), ("rst", (step * 61) + 30) }))
        {
            await system.Simulator.PutAsJsonAsync(Fault, new { kind, after_bytes = cut }, Cancellation);
            var seen = await ReadAsync();
            seen.ShouldNotContain("[DONE]", customMessage: $"{kind} at byte {cut}");
            seen.ShouldNotContain("\"finish_reason\":\"", customMessage: $"{kind} at byte {cut}");
            seen.ShouldContain("\"error\"", customMessage: $"{kind} at byte {cut}");
        }

        await system.Simulator.DeleteAsync(Fault, Cancellation);
        (await ReadAsync()).ShouldEndWith("data: [DONE]\n\n");
    }

    private async Task<string> UpstreamBodyAsync()
    {
        using var response = await system.Simulator.PostAsync("/openai/v1/chat/completions", HttpContentJson.Json(Body.Replace("openai/", "", StringComparison.Ordinal)), Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<string> ReadAsync()
    {
        using var response = await system.Gateway.PostAsync("/v1/chat/completions", HttpContentJson.Json(Body), Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
