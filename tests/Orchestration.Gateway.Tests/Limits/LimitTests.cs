using System.Globalization;
using System.Net;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Messages;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Limits;

/// <summary>Limits as clients meet them, counted in a real Redis.</summary>
public sealed class LimitTests(LimitedGateway limited) : IClassFixture<LimitedGateway>
{
    private GatewayHost Gateway => limited.Gateway;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_over_a_limit_is_told_which_one_and_when_to_come_back()
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Requests(2), LimitedGateway.Tokens(10_000));
        var first = await client.PostAsync(Chat.Body());
        first.StatusCode.ShouldBe(HttpStatusCode.OK, await first.TextAsync());
        first.Header("x-ratelimit-limit-requests").ShouldBe("2");
        first.Header("x-ratelimit-remaining-requests").ShouldBe("1");
        first.Header("x-ratelimit-reset-requests").ShouldStartWith("1h");
        first.Header("x-ratelimit-limit-tokens").ShouldBe("10000");
        (await client.PostAsync(Chat.Body(stream: true))).Header("x-ratelimit-remaining-requests").ShouldBe("0");

        var refused = await client.PostAsync(Chat.Body());

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.ErrorCodeAsync()).ShouldBe("rate_limit_exceeded");
        var error = (await refused.JsonAsync()).GetProperty("error");
        error.GetProperty("message").GetString()!.ShouldStartWith("The limit of 2 requests of the key in 3600 seconds is reached. There is room for this request in ");
        refused.Header("x-should-retry").ShouldBe("true");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(3_000, 5_000);
        refused.Header("x-ratelimit-remaining-requests").ShouldBe("0");
        refused.Header("x-ratelimit-reset-requests").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Anthropics_clients_are_told_in_their_own_words()
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Requests(1));
        var first = await client.PostMessagesAsync(MessagesCall.Body());
        first.Header("anthropic-ratelimit-requests-limit").ShouldBe("1");

        var refused = await client.PostMessagesAsync(MessagesCall.Body());

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.AnthropicErrorAsync()).ShouldBe("rate_limit_error");
        refused.Header("anthropic-ratelimit-requests-remaining").ShouldBe("0");
        var reset = DateTimeOffset.Parse(refused.Header("anthropic-ratelimit-requests-reset"), CultureInfo.InvariantCulture);
        reset.ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddMinutes(50));
        refused.Header("x-ratelimit-limit-requests").ShouldBeEmpty();
    }

    [Fact]
    public async Task Grpc_callers_are_told_by_status_and_reason()
    {
        var key = await LimitedGateway.KeyAsync(Gateway, LimitedGateway.Requests(1));
        var client = new ChatService.ChatServiceClient(Gateway.Channel);
        var request = new ChatRequest { Model = "test:chat", Messages = { new Message { Role = Role.User } } };
        var metadata = new Metadata { { "authorization", $"Bearer {key}" } };
        using var first = client.CompleteAsync(request, metadata, cancellationToken: Cancellation);
        await first;
        using var second = client.CompleteAsync(request, metadata, cancellationToken: Cancellation);

        var refused = await Should.ThrowAsync<RpcException>(second.ResponseAsync);

        (await first.ResponseHeadersAsync).GetValue("x-ratelimit-remaining-requests").ShouldBe("0");
        (await second.ResponseHeadersAsync).GetValue("x-ratelimit-limit-requests").ShouldBe("1");
        refused.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refused.GetFailure().Code.ShouldBe("rate_limit_exceeded");
        refused.GetFailure().RetryAfter.Seconds.ShouldBeGreaterThan(3_000);
    }

    [Theory]
    [InlineData("test/chat")]
    [InlineData("old-chat")]
    public async Task Limit_of_a_name_holds_under_every_name_that_means_the_same(string named)
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Requests(1, named));
        (await client.PostAsync(Chat.Body(model: "TEST:chat"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await client.PostAsync(Chat.Body(model: "old-chat"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await client.PostAsync(Chat.Body(model: "test/chat"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await client.PostMessagesAsync(MessagesCall.Body(model: "test/chat"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await client.PostAsync(Chat.Body(model: "test/small"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Tokens_that_were_not_used_are_given_back()
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Tokens(200));
        var body = Chat.Body();
        body["max_tokens"] = 100;

        for (var i = 0; i < 8; i++)
            (await client.PostAsync(body)).StatusCode.ShouldBe(HttpStatusCode.OK);

        body["max_tokens"] = 500;
        var refused = await client.PostAsync(body);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Header("x-should-retry").ShouldBe("false");
        refused.Headers.RetryAfter.ShouldBeNull();
        // Eight answers of eight tokens.
        refused.Header("x-ratelimit-remaining-tokens").ShouldBe("136");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Place_is_taken_while_a_request_runs_and_free_when_it_was_answered(bool stream)
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Concurrency(1));
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var running = client.PostAsync(Chat.Body(limited.Peers.Providers.Script(async call =>
        {
            entered.TrySetResult();
            await release.Task;
            await call.AnswerAsync("x");
        }), stream));
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        var refused = await client.PostAsync(Chat.Body());
        release.SetResult();

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.ErrorCodeAsync()).ShouldBe("concurrency_limit_exceeded");
        await (await running).TextAsync();
        await FreeAsync(client);
    }

    [Theory]
    [InlineData("unknown/model")]
    [InlineData("test/unpriced")]
    public async Task Place_is_free_when_a_request_cannot_be_planned(string model)
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Concurrency(1));

        (await client.PostAsync(Chat.Body(model: model))).IsSuccessStatusCode.ShouldBeFalse();

        await FreeAsync(client);
    }

    [Fact]
    public async Task Place_is_free_when_the_provider_failed()
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Concurrency(1));
        var script = limited.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.FailAsync(FailureClass.ProviderOverloaded, "overloaded");
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });

        await (await client.PostAsync(Chat.Body(script))).TextAsync();

        await FreeAsync(client);
    }

    [Fact]
    public async Task Place_is_free_when_the_client_left_and_the_provider_ended()
    {
        using var client = await LimitedGateway.ClientAsync(Gateway, LimitedGateway.Concurrency(1));
        var entered = new TaskCompletionSource();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = System.Net.Http.Json.JsonContent.Create(Chat.Body(limited.Peers.Providers.Script(async call =>
            {
                await call.AttemptAsync();
                entered.TrySetResult();
                await call.ClientGone;
                await call.FailAsync(FailureClass.Unavailable, "client_gone");
                await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Estimated);
            }))),
        };
        var sending = client.SendAsync(request, leave.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
        await FreeAsync(client);
    }

    [Fact]
    public async Task Without_redis_the_share_is_given_out_and_nobody_sees_an_error_of_ours()
    {
        var (gateway, wire) = await limited.WithWireAsync();
        await using var _ = gateway;
        await using var __ = wire;
        using var client = await LimitedGateway.ClientAsync(gateway, LimitedGateway.Requests(20));
        (await client.PostAsync(Chat.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

        await wire.CutAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++)
            statuses.Add((await client.PostAsync(Chat.Body())).StatusCode);

        statuses.Distinct().ShouldBe([HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        statuses.Count(status => status == HttpStatusCode.OK).ShouldBeInRange(2, 19);
    }

    private static async Task FreeAsync(HttpClient client)
    {
        // The end of a stream reaches the client before all bookkeeping of it is done.
        HttpStatusCode status;
        var tries = 0;
        do
            status = (await client.PostAsync(Chat.Body())).StatusCode;
        while (status == HttpStatusCode.TooManyRequests && ++tries < 1_000);
        status.ShouldBe(HttpStatusCode.OK);
    }
}
