using System.Net.Http.Json;

namespace Orchestration.FunctionalTests.Messages;

/// <summary>An answer that its provider cut never looks finished, in the protocols beside chat completions either.</summary>
public sealed class CutStreamTests(SystemFixture system)
{
    // A deployment that is cut again and again is left alone for a while, which would hide the cut: each takes a few.
    private const int CutsPerModel = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // No models that another test asks for: the tests share one simulator.
    [Theory]
    [InlineData("xai", "grok-4.5", "/v1/messages", "event: message_stop", "event: error")]
    [InlineData("anthropic", "claude-opus-4-8", "/v1/messages", "event: message_stop", "event: error")]
    [InlineData("openai", "gpt-5", "/v1/responses", "event: response.completed", "event: response.failed")]
    [InlineData("anthropic", "claude-haiku-4-5", "/v1/responses", "event: response.completed", "event: response.failed")]
    public async Task Cut_stream_ends_as_a_failure_of_its_protocol(string provider, string model, string path, string end, string failure)
    {
        var fault = $"/simulator/faults/{provider}/{model}";
        await system.Simulator.PutAsJsonAsync($"/simulator/shapes/{provider}/{model}", new { first_token_ms = 0, token_ms = 0, output_tokens = 8 }, Cancellation);
        (await ReadAsync(provider, model, path)).ShouldContain(end);
        for (var cut = 0; cut < CutsPerModel; cut++)
        {
            var (kind, bytes) = (cut % 2 == 0 ? "cut" : "rst", cut * 173);
            await system.Simulator.PutAsJsonAsync(fault, new { kind, after_bytes = bytes }, Cancellation);
            var seen = await ReadAsync(provider, model, path);
            var where = $"{provider}/{model}: {kind} at byte {bytes}";
            seen.ShouldNotContain(end, customMessage: where);
            // Before its first word a failure is an HTTP error.
            (seen.Contains(failure, StringComparison.Ordinal) || seen.StartsWith('{')).ShouldBeTrue(where + ": " + seen);
            seen.ShouldContain("\"error\"", customMessage: where);
        }

        await system.Simulator.DeleteAsync(fault, Cancellation);
        (await ReadAsync(provider, model, path)).ShouldContain(end);
    }

    private async Task<string> ReadAsync(string provider, string model, string path)
    {
        const string text = "Say something short, in a few words.";
        var body = path == "/v1/messages"
            ? $$"""{"model":"{{provider}}/{{model}}","stream":true,"max_tokens":512,"messages":[{"role":"user","content":"{{text}}"}]}"""
            : $$"""{"model":"{{provider}}/{{model}}","stream":true,"max_output_tokens":512,"input":"{{text}}"}""";
        using var response = await system.Gateway.PostAsync(path, HttpContentJson.Json(body), Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
