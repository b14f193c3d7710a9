using System.Text;
using System.Text.Json;

namespace Orchestration.Simulator.Tests.Dialects;

public sealed class DialectFaultTests(SimulatorHost simulator)
{
    public static TheoryData<string> Dialects => ["anthropic", "gemini", "responses", "ollama"];

    /// <summary>Path and body of a chat in a dialect.</summary>
    private static (string Path, string Body) Chat(string dialect, string fault, bool stream = true, int limit = 20) => dialect switch
    {
        "anthropic" => ("anthropic/v1/messages",
            $$"""{"model":"claude-haiku-4-5{{fault}}","stream":{{Json(stream)}},"max_tokens":{{limit}},"messages":[{"role":"user","content":"Say hi"}]}"""),
        "gemini" => ($"google/v1beta/models/gemini-3.5-flash{fault}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
            $$$"""{"generationConfig":{"maxOutputTokens":{{{limit}}},"thinkingConfig":{"thinkingBudget":0}},"contents":[{"parts":[{"text":"Say hi"}]}]}"""),
        "responses" => ("openai/v1/responses",
            $$"""{"model":"gpt-4.1{{fault}}","stream":{{Json(stream)}},"max_output_tokens":{{limit}},"input":"Say hi"}"""),
        _ => ("ollama/api/chat",
            $$"""{"model":"llama3.2:3b{{fault}}","stream":{{Json(stream)}},"options":{"num_predict":{{limit}}},"messages":[{"role":"user","content":"Say hi"}]}"""),
    };

    private static string Json(bool value) => value ? "true" : "false";

    private async Task<(int Status, string Text)> SendAsync(string dialect, string fault, bool stream = true, string attempt = "unnamed")
    {
        var (path, body) = Chat(dialect, fault, stream);
        return await simulator.PostAsync(path, body, ("x-orchestration-attempt", attempt));
    }

    [Theory]
    [InlineData("anthropic", 401, "\"type\":\"authentication_error\"")]
    [InlineData("anthropic", 429, "\"type\":\"rate_limit_error\"")]
    [InlineData("anthropic", 529, "\"type\":\"overloaded_error\"")]
    [InlineData("gemini", 429, "\"retryDelay\": \"34.4s\"")]
    [InlineData("gemini", 503, "\"status\": \"UNAVAILABLE\"")]
    [InlineData("gemini", 404, "\"status\": \"NOT_FOUND\"")]
    [InlineData("responses", 429, "\"code\":\"rate_limit_exceeded\"")]
    [InlineData("ollama", 503, "{\"error\":\"server busy")]
    public async Task Status_has_the_body_of_its_dialect(string dialect, int status, string body)
    {
        var answer = await SendAsync(dialect, $"!{status}");

        answer.Status.ShouldBe(status);
        answer.Text.ShouldContain(body);
    }

    [Fact]
    public async Task Wrong_key_of_Google_is_a_bad_request()
    {
        var answer = await SendAsync("gemini", "!401");

        answer.Status.ShouldBe(400);
        answer.Text.ShouldContain("\"reason\": \"API_KEY_INVALID\"");
    }

    [Fact]
    public async Task Hints_are_given_where_each_vendor_gives_them()
    {
        var (path, body) = Chat("anthropic", "!429=30");
        using var anthropic = await simulator.OpenAsync(path, body);
        var gemini = await SendAsync("gemini", "!429=30");

        anthropic.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        anthropic.Headers.GetValues("anthropic-ratelimit-input-tokens-remaining").ShouldBe(["0"]);
        gemini.Text.ShouldContain("\"retryDelay\": \"30s\"");
    }

    [Theory]
    [InlineData("anthropic", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")]
    [InlineData("gemini", "data: {\"error\":{\"code\":503,\"message\":\"The model is overloaded. Please try again later.\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n")]
    [InlineData("ollama", "{\"error\":\"an error was encountered while running the model: unexpected EOF\"}\n")]
    public async Task Error_inside_a_stream_ends_it_in_the_words_of_its_dialect(string dialect, string end)
    {
        var attempt = "inside " + dialect;
        var first = await SendAsync(dialect, "!error-in-200");
        var (status, text) = await SendAsync(dialect, "!error-in-200@3", attempt: attempt);

        first.Text.ShouldBe(end);
        status.ShouldBe(200);
        text.Length.ShouldBeGreaterThan(end.Length);
        text.ShouldEndWith(end);
        (await simulator.JournalOfAsync(attempt)).Str("outcome").ShouldBe("failed");
    }

    [Fact]
    public async Task Failed_response_follows_its_error_event()
    {
        var (_, text) = await SendAsync("responses", "!error-in-200@3");
        var plain = JsonSerializer.Deserialize<JsonElement>((await SendAsync("responses", "!error-in-200", stream: false)).Text);

        var events = Calls.Data(text);
        events[^2].Str("type").ShouldBe("error");
        events[^1].Str("type").ShouldBe("response.failed");
        events[^1].GetProperty("response").Str("error", "code").ShouldBe("server_error");
        plain.Str("status").ShouldBe("failed");
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Usage_and_finish_can_be_absent(string dialect)
    {
        var whole = await SendAsync(dialect, "");
        var usageless = await SendAsync(dialect, "!no-usage");
        var endless = await SendAsync(dialect, "!no-finish");

        string[] counts = ["\"output_tokens\":", "\"usageMetadata\":", "\"eval_count\":"];
        string[] ends = ["\"stop_reason\":\"max_tokens\"", "\"finishReason\":", "event: response.incomplete", "\"done_reason\":"];
        counts.Count(name => whole.Text.Contains(name, StringComparison.Ordinal)).ShouldBe(1);
        counts.ShouldAllBe(name => !usageless.Text.Contains(name, StringComparison.Ordinal));
        ends.Count(name => whole.Text.Contains(name, StringComparison.Ordinal)).ShouldBe(1);
        ends.ShouldAllBe(name => !endless.Text.Contains(name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("anthropic", "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")]
    [InlineData("ollama", "\"done\":true")]
    [InlineData("responses", "event: response.incomplete\n")]
    public async Task End_marker_can_be_absent_or_doubled(string dialect, string marker)
    {
        var without = await SendAsync(dialect, "!no-done");
        var twice = await SendAsync(dialect, "!double-done");

        without.Text.ShouldNotContain(marker);
        twice.Text.Split(marker).Length.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Cut_stops_at_exactly_the_byte_asked_for(string dialect)
    {
        var whole = Encoding.UTF8.GetBytes((await SendAsync(dialect, "")).Text).Length;
        foreach (var at in new[] { 0, 1, 100, whole / 2, whole - 1 })
        {
            var attempt = $"close {dialect} {at}";
            var (_, text) = await SendAsync(dialect, $"!close@{at}", attempt: attempt);

            Encoding.UTF8.GetByteCount(text).ShouldBe(at);
            (await simulator.JournalOfAsync(attempt)).Str("outcome").ShouldBe("cut");
            await Should.ThrowAsync<HttpRequestException>(() => SendAsync(dialect, $"!cut@{at}"));
        }
    }

    [Theory]
    [InlineData("anthropic", "message_delta", "message_stop")]
    [InlineData("gemini", "finishReason", null)]
    [InlineData("responses", "response.incomplete", "response.incomplete")]
    [InlineData("ollama", "\"done\":true", "\"done\":true")]
    public async Task Stream_can_end_before_and_after_its_finish(string dialect, string finish, string? end)
    {
        var whole = await SendAsync(dialect, "");
        var (_, early) = await SendAsync(dialect, "!end-before-finish", attempt: "early " + dialect);

        whole.Text.ShouldContain(finish);
        early.ShouldNotContain(finish);
        early.Length.ShouldBeGreaterThan(whole.Text.Length / 2);
        (await simulator.JournalOfAsync("early " + dialect)).Str("outcome").ShouldBe("cut");
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync(dialect, "!cut-before-finish"));
        var (path, body) = Chat(dialect, "!cut-after-finish");
        using var response = await simulator.OpenAsync(path, body);
        var read = new StringBuilder();
        await Should.ThrowAsync<HttpIOException>(async () =>
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
                read.AppendLine(line);
        });
        if (end is not null)
            read.ToString().ShouldNotContain(end);
        if (finish != end)
            read.ToString().ShouldContain(finish);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Garbage_empty_plain_and_oversize_are_possible(string dialect)
    {
        (await SendAsync(dialect, "!garbage@2")).Text.ShouldContain("<this is no JSON");
        (await SendAsync(dialect, "!garbage", stream: false)).Text.ShouldContain("<this is no JSON");
        (await SendAsync(dialect, "!empty")).Text.ShouldBe("");
        JsonSerializer.Deserialize<JsonElement>((await SendAsync(dialect, "!plain-for-stream")).Text).ValueKind.ShouldBe(JsonValueKind.Object);
        (await SendAsync(dialect, "!oversize@100000")).Text.ShouldContain(new string('x', 100_000));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Journal_counts_what_a_stream_has_sent(string dialect)
    {
        await SendAsync(dialect, "", attempt: "whole " + dialect);
        await SendAsync(dialect, "", stream: false, attempt: "plain " + dialect);

        var streamed = await simulator.JournalOfAsync("whole " + dialect);
        var plain = await simulator.JournalOfAsync("plain " + dialect);
        streamed.Int("output_tokens").ShouldBe(20);
        streamed.Int("input_tokens").ShouldBe(6);
        streamed.Str("outcome").ShouldBe("completed");
        plain.Int("output_tokens").ShouldBe(20);
        streamed.GetProperty("stream").GetBoolean().ShouldBeTrue();
        plain.GetProperty("stream").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Waiting_Anthropic_stream_is_kept_alive_by_pings()
    {
        var (_, text) = await SendAsync("anthropic", "!queue=700");

        Calls.Data(text).Select(item => item.Str("type")).Take(3).ShouldBe(["message_start", "ping", "ping"]);
    }

    [Fact]
    public async Task Fault_set_for_a_model_holds_for_every_dialect()
    {
        await simulator.PutAsync("simulator/faults/anthropic/fault-by-admin", new { kind = "529", count = 1 });
        const string Body = """{"model":"fault-by-admin","max_tokens":5,"messages":[{"role":"user","content":"x"}]}""";

        (await simulator.PostAsync("anthropic/v1/messages", Body)).Status.ShouldBe(529);
        (await simulator.PostAsync("anthropic/v1/messages", Body)).Status.ShouldBe(200);
    }
}
