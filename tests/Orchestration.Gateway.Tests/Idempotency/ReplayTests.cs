using System.Net;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Messages;

namespace Orchestration.Gateway.Tests.Idempotency;

/// <summary>Requests with a key that was used before. The gateway of all tests has no Redis, which none of this needs.</summary>
public sealed class ReplayTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Requests => new()
    {
        { "/v1/chat/completions", Chat.Body().ToJsonString() },
        { "/v1/chat/completions", Chat.Body(stream: true).ToJsonString() },
        { "/v1/messages", MessagesCall.Body().ToJsonString() },
        { "/v1/messages", MessagesCall.Body(stream: true).ToJsonString() },
        { "/v1/responses", """{"model":"test:chat","input":"Hi"}""" },
        { "/v1/responses", """{"model":"test:chat","input":"Hi","stream":true}""" },
        { "/v1/embeddings", """{"model":"embedding","input":["a","four"]}""" },
        { "/v1/rerank", """{"model":"rerank","query":"q","documents":["a","bcd"]}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Answer_is_given_again_byte_for_byte_by_another_gateway(string path, string body)
    {
        var key = KeyedCalls.NewKey();
        using var first = await fixture.Gateway.Client.PostOnceAsync(key, JsonNode.Parse(body)!.AsObject(), path);
        var text = await first.TextAsync();
        await using var restarted = await GatewayHost.StartAsync(fixture.SecondGateway(), Cancellation);

        using var again = await restarted.Client.PostOnceAsync(key, JsonNode.Parse(body)!.AsObject(), path);

        first.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        first.IsReplayed().ShouldBeFalse();
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.IsReplayed().ShouldBeTrue();
        (await again.TextAsync()).ShouldBe(text);
        again.RequestId().ShouldBe(first.RequestId());
        again.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        again.Header("x-orchestration-model").ShouldBe(first.Header("x-orchestration-model"));
        restarted.Told<RequestAdmitted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_of_another_request_is_refused_and_a_retry_will_not_help()
    {
        var key = KeyedCalls.NewKey();
        using var first = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body());

        using var other = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body(text: "Something else"));

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        other.Header("x-should-retry").ShouldBe("false");
        (await other.ErrorCodeAsync()).ShouldBe("idempotency_mismatch");
    }

    [Fact]
    public async Task Keys_belong_to_a_tenant_and_answers_to_an_api_key()
    {
        var (mine, foreign) = (await fixture.Gateway.NewTenantAsync(), await fixture.Gateway.NewTenantAsync());
        var key = KeyedCalls.NewKey();
        using var client = await ClientAsync(mine);
        using var colleague = await ClientAsync(mine);
        using var stranger = await ClientAsync(foreign);
        using var first = await client.PostOnceAsync(key, Chat.Body());

        using var ofColleague = await colleague.PostOnceAsync(key, Chat.Body());
        using var ofStranger = await stranger.PostOnceAsync(key, Chat.Body());

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        ofColleague.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        ofStranger.StatusCode.ShouldBe(HttpStatusCode.OK);
        ofStranger.IsReplayed().ShouldBeFalse();
        ofStranger.RequestId().ShouldNotBe(first.RequestId());
    }

    [Fact]
    public async Task Refused_request_leaves_its_key_as_good_as_new()
    {
        var key = KeyedCalls.NewKey();
        using var refused = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body(model: "no/such"));

        using var corrected = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body());

        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        corrected.StatusCode.ShouldBe(HttpStatusCode.OK);
        corrected.IsReplayed().ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Request_that_failed_is_run_again_and_no_other_under_its_key(bool stream, bool late)
    {
        var calls = 0;
        var script = fixture.Peers.Providers.Script(async call =>
        {
            if (Interlocked.Increment(ref calls) > 1)
            {
                await call.AnswerAsync("whole");
                return;
            }

            if (late)
            {
                await call.CommitAsync();
                await call.BeginTextAsync();
                await call.TextAsync("half");
            }

            await call.FailAsync(FailureClass.ProviderOverloaded, "overloaded", retryable: true);
            await call.SummaryAsync(Contracts.Chat.V1.AttemptOutcome.Failed, Contracts.Chat.V1.Settlement.Released);
        });
        var key = KeyedCalls.NewKey();
        using var failed = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body(script, stream));
        (await failed.TextAsync()).ShouldContain("overloaded");

        using var other = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body(text: "Something else"));
        using var again = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body(script, stream));

        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.TextAsync()).ShouldContain("whole");
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task Run_of_a_gateway_that_died_is_waited_for_and_then_taken_over()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        using var client = await ClientAsync(tenant);
        var key = KeyedCalls.NewKey();
        using var first = await client.PostOnceAsync(key, Chat.Body());
        await first.TextAsync();
        await fixture.Gateway.ChangeClaimsAsync(tenant, "state = 'running', answer = NULL, leased_until = now() + interval '1 hour'");

        using var early = await client.PostOnceAsync(key, Chat.Body());
        await fixture.Gateway.ChangeClaimsAsync(tenant, "leased_until = now()");
        using var later = await client.PostOnceAsync(key, Chat.Body());

        early.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
        later.IsReplayed().ShouldBeFalse();
        later.RequestId().ShouldNotBe(first.RequestId());
    }

    [Fact]
    public async Task Expired_answer_is_forgotten()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        using var client = await ClientAsync(tenant);
        var key = KeyedCalls.NewKey();
        using var first = await client.PostOnceAsync(key, Chat.Body());
        await first.TextAsync();
        await fixture.Gateway.ChangeClaimsAsync(tenant, "expires_at = now()");

        using var other = await client.PostOnceAsync(key, Chat.Body(text: "Something else"));

        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Answer_too_large_to_keep_is_sent_once_and_not_made_again()
    {
        await using var gateway = await StartAsync("Idempotency:MaxAnswerBytes", "1024");
        var script = fixture.Peers.Providers.Script(call => call.AnswerAsync([.. Enumerable.Repeat("many words ", 200)]));
        var key = KeyedCalls.NewKey();
        using var first = await gateway.Client.PostOnceAsync(key, Chat.Body(script));
        using var again = await gateway.Client.PostOnceAsync(key, Chat.Body(script));

        (await first.JsonAsync()).GetProperty("choices").GetArrayLength().ShouldBe(1);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        again.Header("x-should-retry").ShouldBe("false");
        (await again.ErrorCodeAsync()).ShouldBe("idempotency_answer_not_kept");
    }

    [Fact]
    public async Task Database_away_is_503_and_nothing_runs()
    {
        var settings = fixture.SecondGateway();
        await using var wire = new TcpRelay(new Uri(settings.ToConfiguration()["Database:Endpoint"]!));
        await using var gateway = await StartAsync("Database:Endpoint", $"tcp://127.0.0.1:{wire.Port}");
        using (var known = await gateway.Client.PostOnceAsync(KeyedCalls.NewKey(), Chat.Body()))
            known.StatusCode.ShouldBe(HttpStatusCode.OK);
        var before = gateway.Told<RequestAdmitted>().Count();
        await wire.CutAsync();

        using var refused = await gateway.Client.PostOnceAsync(KeyedCalls.NewKey(), Chat.Body());

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await refused.ErrorCodeAsync()).ShouldBe("idempotency_unavailable");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        gateway.Told<RequestAdmitted>().Count().ShouldBe(before);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("tab\tinside")]
    public async Task Malformed_key_is_refused(string key)
    {
        using var response = await fixture.Gateway.Client.PostOnceAsync(key, Chat.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("invalid_idempotency_key");
    }

    [Fact]
    public async Task Key_that_is_too_long_is_refused()
    {
        using var response = await fixture.Gateway.Client.PostOnceAsync(new string('k', 256), Chat.Body());

        (await response.ErrorCodeAsync()).ShouldBe("invalid_idempotency_key");
    }

    private async Task<HttpClient> ClientAsync(string tenant) =>
        GatewayHost.NewClient(fixture.Gateway.HttpAddress, (await fixture.Gateway.NewKeyAsync(tenant)).Secret);

    private async Task<GatewayHost> StartAsync(string setting, string value)
    {
        var gateway = await GatewayHost.StartAsync(fixture.SecondGateway() with { More = new Dictionary<string, string?> { [setting] = value } }, Cancellation);
        return await gateway.WithRouteTableAsync(Cancellation);
    }
}
