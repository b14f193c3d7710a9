using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Messages;

namespace Orchestration.Gateway.Tests.Responses;

public sealed class ResponsesTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("/v1/responses")]
    [InlineData("/responses")]
    public async Task Plain_answer_is_a_response_with_usage_and_our_facts(string path)
    {
        using var response = await PostAsync(Body(), path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("object").GetString().ShouldBe("response");
        json.GetProperty("id").GetString().ShouldBe("resp_" + response.RequestId());
        json.GetProperty("status").GetString().ShouldBe("completed");
        json.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Hello world");
        json.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(8);
        json.GetProperty("store").GetBoolean().ShouldBeFalse();
        json.GetProperty("instructions").GetString().ShouldBe("Be brief.");
        json.GetProperty("orchestration").GetProperty("provider").GetString().ShouldBe("test");
    }

    [Fact]
    public async Task Stream_ends_with_the_completed_response_and_no_marker_of_another_protocol()
    {
        using var response = await PostAsync(Body(stream: true));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var events = await response.EventsAsync();
        events.Select(item => item.Type).ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta",
            "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
        ]);
        var whole = events[^1].Data.GetProperty("response");
        whole.GetProperty("usage").GetProperty("input_tokens").GetInt32().ShouldBe(6);
        whole.GetProperty("orchestration").GetProperty("request_id").GetString().ShouldBe(response.RequestId());
        whole.GetProperty("orchestration").GetProperty("attempts").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Failure_after_the_commit_point_is_a_failed_response()
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
        var body = Body(stream: true);
        body["metadata"] = new JsonObject { ["script"] = script };
        using var response = await PostAsync(body);

        var events = await response.EventsAsync();
        events.Select(item => item.Type).TakeLast(2).ShouldBe(["error", "response.failed"]);
        events[^1].Data.GetProperty("response").GetProperty("error").GetProperty("code").GetString().ShouldBe("stream_truncated");
    }

    [Theory]
    [InlineData("previous_response_id", "\"resp_1\"")]
    [InlineData("background", "true")]
    [InlineData("conversation", "\"conv_1\"")]
    public async Task What_needs_a_kept_answer_is_refused_by_name_and_reaches_no_provider(string member, string value)
    {
        var body = Body();
        body[member] = JsonNode.Parse(value);
        using var response = await PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("unsupported_parameter");
        (await response.JsonAsync()).GetProperty("error").GetProperty("param").GetString().ShouldBe(member);
        fixture.Peers.Providers.Starts.ContainsKey(response.RequestId()).ShouldBeFalse();
    }

    [Fact]
    public async Task Wish_to_keep_the_answer_is_answered_with_a_warning()
    {
        var body = Body();
        body["store"] = true;
        using var response = await PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("x-orchestration-warnings").ShouldContain("parameter_changed:store");
    }

    private static JsonObject Body(bool stream = false)
    {
        var body = new JsonObject { ["model"] = "test:chat", ["input"] = "Hi", ["instructions"] = "Be brief." };
        if (stream)
            body["stream"] = true;
        return body;
    }

    private Task<HttpResponseMessage> PostAsync(JsonObject body, string path = "/v1/responses") =>
        fixture.Gateway.Client.PostAsync(path, JsonContent.Create(body), TestContext.Current.CancellationToken);
}
