using System.Net;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

public sealed class StreamedAnswerTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Stream_has_chunks_finish_usage_with_our_facts_and_the_done_marker()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(stream: true));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Header("Cache-Control").ShouldBe("no-cache");
        response.Header("X-Accel-Buffering").ShouldBe("no");
        var events = Events(await response.TextAsync());
        events[^1].ShouldBe("[DONE]");
        events.ShouldContain(data => data.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal));
        string.Concat(events.SkipLast(1).Select(ContentOf)).ShouldBe("Hello world");
        var usage = System.Text.Json.JsonDocument.Parse(events[^2]).RootElement;
        usage.GetProperty("choices").GetArrayLength().ShouldBe(0);
        usage.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(6);
        var facts = usage.GetProperty("orchestration");
        facts.GetProperty("request_id").GetString().ShouldBe(response.RequestId());
        facts.GetProperty("attempts").GetInt32().ShouldBe(1);
        facts.GetProperty("policy_version").GetString().ShouldBe(TestTable.Policy);
    }

    [Fact]
    public async Task Stream_carries_the_headers_of_the_commit_point()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(stream: true));

        response.Header("x-orchestration-model").ShouldBe("strong");
        response.Header("x-orchestration-provider").ShouldBe("test");
        response.Header("x-orchestration-route").ShouldBe("test/chat");
        response.Header("x-orchestration-warnings").ShouldContain("default_max_output");
        response.Header("x-orchestration-simulated").ShouldBe("true");
    }

    [Fact]
    public async Task Headers_and_first_words_arrive_while_the_answer_is_still_being_made()
    {
        var wait = new TaskCompletionSource();
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("first");
            await wait.Task;
            await call.FinishAsync();
            await call.SummaryAsync();
        });
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script, stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var text = "";
        while (!text.Contains("first", StringComparison.Ordinal))
            text += await reader.ReadLineAsync(TestContext.Current.CancellationToken);

        wait.SetResult();

        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("[DONE]");
    }

    [Fact]
    public async Task Failure_before_the_commit_point_is_a_proper_http_error()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync(0);
            await call.AttemptAsync(1);
            await call.FailAsync(FailureClass.ProviderError, "upstream_error", retryable: true);
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script, stream: true));

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.ErrorCodeAsync()).ShouldBe("upstream_error");
    }

    [Fact]
    public async Task Failure_after_the_commit_point_stands_in_the_stream_which_then_ends_without_done()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("half");
            await call.FailAsync(FailureClass.ProviderTruncated, "stream_truncated");
            await call.SummaryAsync(AttemptOutcome.Broken, Settlement.Estimated);
        });
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script, stream: true));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await response.TextAsync();
        text.ShouldContain("half");
        Events(text)[^1].ShouldContain("\"code\":\"stream_truncated\"");
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("\"finish_reason\":\"");
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        completed.Status.ShouldBe("stream_truncated");
        completed.Settlement.ShouldBe("estimated");
    }

    [Fact]
    public async Task Providers_that_vanish_in_the_middle_end_the_stream_with_an_error()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("half");
            throw new InvalidOperationException("gone");
        });
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script, stream: true));

        var text = await response.TextAsync();
        Events(text)[^1].ShouldContain("\"error\"");
        text.ShouldNotContain("[DONE]");
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        completed.Settlement.ShouldBe("estimated");
        completed.AttemptCount.ShouldBe(1);
    }

    [Fact]
    public async Task Summary_without_a_finished_choice_is_never_done()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("half");
            await call.SummaryAsync();
        });
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script, stream: true));

        var text = await response.TextAsync();
        text.ShouldContain("\"error\"");
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Silence_after_the_commit_point_is_filled_with_comment_lines()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Gateway:HeartbeatAfter"] = "00:00:00.100" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        var wait = new TaskCompletionSource();
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await wait.Task;
            await call.BeginTextAsync();
            await call.TextAsync("late");
            await call.FinishAsync();
            await call.SummaryAsync();
        });
        using var response = await gateway.Client.PostAsync(Chat.Body(script, stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!.ShouldStartWith(":");

        wait.SetResult();

        Events(await reader.ReadToEndAsync(TestContext.Current.CancellationToken))[^1].ShouldBe("[DONE]");
    }

    [Fact]
    public async Task Stream_without_include_usage_has_no_usage_chunk()
    {
        var body = Chat.Body(stream: true);
        body.Remove("stream_options");
        using var response = await fixture.Gateway.Client.PostAsync(body);

        var text = await response.TextAsync();
        text.ShouldContain("[DONE]");
        text.ShouldNotContain("\"choices\":[]");
    }

    private static List<string> Events(string text) => text.Split('\n')
        .Where(line => line.StartsWith("data:", StringComparison.Ordinal))
        .Select(line => line["data:".Length..].Trim())
        .ToList();

    private static string ContentOf(string data)
    {
        var choices = System.Text.Json.JsonDocument.Parse(data).RootElement.GetProperty("choices");
        return choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() ?? "" : "";
    }
}
