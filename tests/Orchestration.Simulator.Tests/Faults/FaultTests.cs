using System.Net;
using System.Text.Json;

namespace Orchestration.Simulator.Tests.Faults;

public sealed class FaultTests(SimulatorHost simulator)
{
    private async Task<(int Status, string Body, HttpResponseMessage Response)> TryAsync(string vendor, string model, bool stream = false)
    {
        var response = await simulator.SendAsync($"{vendor}/v1/chat/completions", Prompts.Chat(model, stream: stream));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    [Theory]
    [InlineData("deepseek", 401, "Authentication Fails")]
    [InlineData("deepseek", 402, "Insufficient Balance")]
    [InlineData("deepseek", 503, "service_unavailable_error")]
    [InlineData("openai", 429, "rate_limit_exceeded")]
    [InlineData("openai", 500, "server_error")]
    public async Task Status_behind_the_model_name_answers_in_the_vendors_words(string vendor, int status, string part)
    {
        var (answered, body, _) = await TryAsync(vendor, $"any!{status}");

        answered.ShouldBe(status);
        JsonDocument.Parse(body).RootElement.GetProperty("error").GetRawText().ShouldContain(part);
    }

    [Fact]
    public async Task Html_error_page_is_no_json()
    {
        var (status, body, response) = await TryAsync("openai", "gpt-4.1!html502");

        status.ShouldBe(502);
        body.ShouldStartWith("<html>");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Theory]
    [InlineData("garbage", "no JSON")]
    [InlineData("error-in-200", "\"error\"")]
    public async Task Stream_breaks_after_the_events_asked_for(string kind, string part)
    {
        var (status, body, _) = await TryAsync("openai", $"gpt-4.1!{kind}@2", stream: true);

        status.ShouldBe(200);
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events.Length.ShouldBe(3);
        events[2].ShouldContain(part);
    }

    [Theory]
    [InlineData("no-done", false, true)]
    [InlineData("no-finish", true, false)]
    public async Task End_marker_and_finish_reason_can_be_left_out(string kind, bool done, bool finish)
    {
        var (_, body, _) = await TryAsync("openai", $"gpt-4.1!{kind}", stream: true);

        body.Contains("[DONE]", StringComparison.Ordinal).ShouldBe(done);
        body.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal).ShouldBe(finish);
    }

    [Fact]
    public async Task Usage_can_be_left_out()
    {
        var (_, plain, _) = await TryAsync("deepseek", "deepseek-chat!no-usage");
        var (_, stream, _) = await TryAsync("deepseek", "deepseek-chat!no-usage", stream: true);

        plain.ShouldNotContain("prompt_tokens");
        stream.ShouldNotContain("prompt_tokens");
    }

    [Fact]
    public async Task Empty_and_plain_answers_stand_in_for_a_stream()
    {
        var (_, empty, _) = await TryAsync("openai", "gpt-4.1!empty", stream: true);
        var (_, plain, response) = await TryAsync("openai", "gpt-4.1!plain-for-stream", stream: true);

        empty.ShouldBeEmpty();
        plain.ShouldStartWith("{\"id\"");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Oversize_event_has_at_least_the_size_asked_for()
    {
        var (_, body, _) = await TryAsync("openai", "gpt-4.1!oversize@100000", stream: true);

        body.Split("\n\n").Max(line => line.Length).ShouldBeGreaterThan(100_000);
        body.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Slow_sends_nothing_before_its_delay()
    {
        var start = TimeProvider.System.GetTimestamp();

        var (status, _, _) = await TryAsync("openai", "gpt-4.1!slow=250");

        status.ShouldBe(200);
        TimeProvider.System.GetElapsedTime(start).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(250);
    }

    [Fact]
    public async Task Fault_set_by_call_hits_the_next_requests_only()
    {
        await simulator.PutAsync("simulator/faults/deepseek/deepseek-counted",
            new { kind = "429", count = 2, retry_after = 1.5, body = "{\"error\":{\"message\":\"mine\"}}", headers = new { x_more = "1" } });

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            var (status, body, response) = await TryAsync("deepseek", "deepseek-counted");
            statuses.Add(status);
            if (status == 429)
            {
                body.ShouldBe("{\"error\":{\"message\":\"mine\"}}");
                response.Headers.GetValues("Retry-After").ShouldBe(["1.5"]);
                response.Headers.GetValues("x_more").ShouldBe(["1"]);
            }
        }
        statuses.ShouldBe([429, 429, 200]);
    }

    [Fact]
    public async Task Fault_without_count_holds_until_cleared()
    {
        await simulator.PutAsync("simulator/faults/siliconflow/deepseek-ai/Held", new { kind = "status", status = 503 });
        (await TryAsync("siliconflow", "deepseek-ai/Held")).Status.ShouldBe(503);
        (await TryAsync("siliconflow", "deepseek-ai/Held")).Status.ShouldBe(503);
        (await simulator.Client.GetStringAsync("simulator/faults", TestContext.Current.CancellationToken)).ShouldContain("deepseek-ai/Held");

        using var cleared = await simulator.Client.DeleteAsync("simulator/faults/siliconflow/deepseek-ai/Held", TestContext.Current.CancellationToken);

        cleared.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await TryAsync("siliconflow", "deepseek-ai/Held")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"kind":"nonsense"}""")]
    [InlineData("""{"kind":"cut","count":0}""")]
    [InlineData("""{"kind":"cut","unknown":1}""")]
    [InlineData("""{"kind":"status","status":700}""")]
    public async Task Fault_that_makes_no_sense_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await simulator.Client.PutAsync("simulator/faults/openai/x", content, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Fault_can_be_asked_for_by_header_and_hits_embeddings_too()
    {
        using var chat = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat("gpt-4.1"), ("x-simulate-fault", "503"));
        using var embeddings = await simulator.SendAsync("openai/v1/embeddings", new { model = "text-embedding-3-small!500", input = "x" });

        ((int)chat.StatusCode).ShouldBe(503);
        ((int)embeddings.StatusCode).ShouldBe(500);
    }
}
