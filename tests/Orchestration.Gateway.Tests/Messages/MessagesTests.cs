using System.Net;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Messages;

public sealed class MessagesTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Plain_answer_is_a_message_with_usage_and_our_facts()
    {
        using var response = await fixture.Gateway.Client.PostMessagesAsync(MessagesCall.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("type").GetString().ShouldBe("message");
        json.GetProperty("role").GetString().ShouldBe("assistant");
        json.GetProperty("id").GetString().ShouldBe("msg_" + response.RequestId());
        json.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Hello world");
        json.GetProperty("stop_reason").GetString().ShouldBe("end_turn");
        json.GetProperty("model").GetString().ShouldBe("strong");
        json.GetProperty("usage").GetProperty("input_tokens").GetInt32().ShouldBe(6);
        json.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(2);
        json.GetProperty("orchestration").GetProperty("route").GetString().ShouldBe("test/chat");
        response.Header("request-id").ShouldBe(response.RequestId());
        response.Header("x-orchestration-cost").ShouldBe("0.00001 USD");
    }

    [Fact]
    public async Task Stream_has_every_event_in_its_place_and_no_marker_of_another_protocol()
    {
        using var response = await fixture.Gateway.Client.PostMessagesAsync(MessagesCall.Body(stream: true));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Header("X-Accel-Buffering").ShouldBe("no");
        var events = await response.EventsAsync();
        events.Select(item => item.Type).ShouldBe(
        [
            "message_start", "ping", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
        ]);
        var message = events[0].Data.GetProperty("message");
        message.GetProperty("model").GetString().ShouldBe("strong");
        message.GetProperty("usage").GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(0);
        string.Concat(events.Where(item => item.Type == "content_block_delta").Select(item => item.Data.GetProperty("delta").GetProperty("text").GetString())).ShouldBe("Hello world");
        var end = events[^2].Data;
        end.GetProperty("delta").GetProperty("stop_reason").GetString().ShouldBe("end_turn");
        end.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(2);
        var facts = end.GetProperty("orchestration");
        facts.GetProperty("request_id").GetString().ShouldBe(response.RequestId());
        facts.GetProperty("provider").GetString().ShouldBe("test");
        facts.GetProperty("settlement").GetString().ShouldBe("exact");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Thinking_comes_with_its_signature_and_calls_with_their_input(bool stream)
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.SendAsync(new ChatEvent { PartStart = new PartStart { Kind = PartKind.Reasoning } });
            await call.SendAsync(new ChatEvent { PartDelta = new PartDelta { Text = "Let me see." } });
            await call.SendAsync(new ChatEvent { PartDelta = new PartDelta { Signature = "sig" } });
            await call.SendAsync(new ChatEvent { PartStop = new PartStop() });
            await call.SendAsync(new ChatEvent { PartStart = new PartStart { PartIndex = 1, Kind = PartKind.ToolCall, ToolCall = new ToolCall { Id = "call_1", Name = "weather" } } });
            await call.SendAsync(new ChatEvent { PartDelta = new PartDelta { PartIndex = 1, Text = """{"city":"Oslo"}""" } });
            await call.SendAsync(new ChatEvent { PartStop = new PartStop { PartIndex = 1 } });
            await call.SendAsync(new ChatEvent { Usage = new Usage { InputTokens = 5, CacheReadTokens = 7, CacheWriteTokens = 11, OutputTokens = 3, ReasoningTokens = 2 } });
            await call.SendAsync(new ChatEvent { Finish = new Finish { Reason = FinishReason.ToolCalls } });
            await call.SummaryAsync();
        });
        using var response = await fixture.Gateway.Client.PostMessagesAsync(MessagesCall.Body(script, stream));

        if (stream)
        {
            var events = await response.EventsAsync();
            events.Select(item => item.Data.TryGetProperty("delta", out var delta) && delta.TryGetProperty("type", out var type) ? type.GetString() : null)
                .OfType<string>().ShouldBe(["thinking_delta", "signature_delta", "input_json_delta"]);
            events.Where(item => item.Type == "content_block_start").Select(item => item.Data.GetProperty("content_block").GetProperty("type").GetString()).ShouldBe(["thinking", "tool_use"]);
            events[^2].Data.GetProperty("delta").GetProperty("stop_reason").GetString().ShouldBe("tool_use");
            CheckUsage(events[^2].Data);
            return;
        }

        var json = await response.JsonAsync();
        var content = json.GetProperty("content");
        content[0].GetProperty("thinking").GetString().ShouldBe("Let me see.");
        content[0].GetProperty("signature").GetString().ShouldEndWith("sig");
        content[1].GetProperty("input").GetProperty("city").GetString().ShouldBe("Oslo");
        json.GetProperty("stop_reason").GetString().ShouldBe("tool_use");
        CheckUsage(json);
    }

    [Fact]
    public async Task Failure_before_the_commit_point_is_an_http_error_in_the_protocols_shape()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.FailAsync(FailureClass.ProviderOverloaded, "overloaded", retryable: true);
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });
        using var response = await fixture.Gateway.Client.PostMessagesAsync(MessagesCall.Body(script, stream: true));

        ((int)response.StatusCode).ShouldBe(529);
        (await response.AnthropicErrorAsync()).ShouldBe("overloaded_error");
    }

    [Fact]
    public async Task Failure_after_the_commit_point_ends_the_stream_with_an_error_event()
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
        using var response = await fixture.Gateway.Client.PostMessagesAsync(MessagesCall.Body(script, stream: true));

        var events = await response.EventsAsync();
        events[^1].Type.ShouldBe("error");
        events[^1].Data.GetProperty("error").GetProperty("type").GetString().ShouldBe("api_error");
        events.ShouldNotContain(item => item.Type == "message_stop" || item.Type == "message_delta");
    }

    [Fact]
    public async Task Silence_is_filled_with_pings()
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
        using var response = await gateway.Client.PostMessagesAsync(MessagesCall.Body(script, stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        for (var pings = 0; pings < 3;)
        {
            if (await reader.ReadLineAsync(TestContext.Current.CancellationToken) == "event: ping")
                pings++;
        }

        wait.SetResult();

        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("event: message_stop");
    }

    private static void CheckUsage(System.Text.Json.JsonElement source)
    {
        var usage = source.GetProperty("usage");
        usage.GetProperty("input_tokens").GetInt32().ShouldBe(5);
        usage.GetProperty("cache_read_input_tokens").GetInt32().ShouldBe(7);
        usage.GetProperty("cache_creation_input_tokens").GetInt32().ShouldBe(11);
        usage.GetProperty("output_tokens").GetInt32().ShouldBe(5);
    }
}
