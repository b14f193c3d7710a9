using System.Net;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

public sealed class PlainAnswerTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Plain_answer_has_text_usage_and_our_facts()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("object").GetString().ShouldBe("chat.completion");
        json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello world");
        json.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        json.GetProperty("model").GetString().ShouldBe("strong");
        json.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(8);
        var facts = json.GetProperty("orchestration");
        facts.GetProperty("request_id").GetString().ShouldBe(response.RequestId());
        facts.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        facts.GetProperty("route").GetString().ShouldBe("test/chat");
    }

    [Fact]
    public async Task Plain_answer_carries_all_headers()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body());

        Guid.Parse(response.RequestId()).Version.ShouldBe(7);
        response.Header("x-orchestration-model").ShouldBe("strong");
        response.Header("x-orchestration-provider").ShouldBe("test");
        response.Header("x-orchestration-route").ShouldBe("test/chat");
        response.Header("x-orchestration-cache").ShouldBe("bypass");
        response.Header("x-orchestration-policy").ShouldBe(TestTable.Policy);
        response.Header("x-orchestration-warnings").ShouldBe("default_max_output:max_tokens");
        response.Header("x-orchestration-attempts").ShouldBe("1");
        response.Header("x-orchestration-cost").ShouldBe("0.00001 USD");
        response.Header("x-orchestration-simulated").ShouldBe("true");
        double.Parse(response.Header("x-orchestration-overhead-ms"), System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Request_is_admitted_before_it_is_executed_and_completed_after_it()
    {
        IReadOnlyList<RequestAdmitted> seen = [];
        var script = fixture.Peers.Providers.Script(call =>
        {
            seen = fixture.Gateway.Told<RequestAdmitted>().Where(row => row.RequestId.ToString("D") == call.Start.RequestId).ToList();
            return call.AnswerAsync("x");
        });
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.TextAsync());
        var admitted = seen.ShouldHaveSingleItem();
        admitted.Dimensions.TenantId.ShouldBe("development");
        admitted.Dimensions.KeyId.ShouldBe(fixture.Gateway.Settings.ClientKey.Split('_')[2]);
        admitted.Reserved.ShouldBeGreaterThan(0);
        // Durable before visible: the answer is here, so the end is already written.
        var completed = fixture.Gateway.Told<RequestCompleted>().Single(row => row.RequestId == admitted.RequestId);
        completed.Status.ShouldBe("ok");
        completed.Settlement.ShouldBe("exact");
        completed.Cost.ShouldBe(0.00001m);
        completed.AttemptCount.ShouldBe(1);
        completed.Model.ShouldBe("strong");
        completed.Simulated.ShouldBeTrue();
    }

    [Fact]
    public async Task Plan_carries_price_rate_and_worst_case_of_every_candidate()
    {
        var body = Chat.Body();
        body["max_tokens"] = 100;
        using var response = await fixture.Gateway.Client.PostAsync(body);

        var start = fixture.Peers.Providers.Starts[response.RequestId()];
        start.Plan.Candidates.Select(candidate => candidate.Deployment.Id).ShouldBe(["d-strong", "d-small"]);
        start.Plan.Candidates.ShouldAllBe(candidate => candidate.Rate.Rate == "1" && candidate.WorstCase.Currency == "USD");
        var worst = start.Plan.Candidates.Select(candidate => decimal.Parse(candidate.WorstCase.Amount, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        // 100 output tokens at 2 per million, and the prompt.
        worst.ShouldAllBe(amount => amount > 0.0002m && amount < 0.001m);
        decimal.Parse(start.Ceiling.Amount, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(worst.Sum());
        start.Plan.DefaultMaxOutput.ShouldBe(1_000);
        response.Header("x-orchestration-warnings").ShouldBeEmpty();
    }

    [Fact]
    public async Task Retired_name_is_answered_by_its_successor_with_a_warning()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: "OLD-chat"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("x-orchestration-warnings").ShouldContain("model_retired:model");
        response.Header("x-orchestration-model").ShouldBe("strong");
    }

    [Theory]
    [InlineData(FailureClass.ProviderUnreachable, "upstream_unreachable", 502)]
    [InlineData(FailureClass.ProviderOverloaded, "overloaded", 503)]
    [InlineData(FailureClass.ProviderTimeout, "first_token_timeout", 504)]
    [InlineData(FailureClass.ContentFilter, "content_filter", 400)]
    [InlineData(FailureClass.ProviderRateLimited, "rate_limited", 429)]
    public async Task Failure_of_all_providers_is_an_http_error_in_openai_shape(FailureClass failureClass, string code, int status)
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.FailAsync(failureClass, code, retryable: status >= 429);
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script));

        ((int)response.StatusCode).ShouldBe(status);
        (await response.ErrorCodeAsync()).ShouldBe(code);
        response.Header("x-should-retry").ShouldBe(status >= 429 ? "true" : "false");
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        completed.Status.ShouldBe(code);
        completed.Settlement.ShouldBe("released");
    }

    [Fact]
    public async Task Answer_that_breaks_in_the_middle_is_an_error_and_never_half_an_answer()
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
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script));

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await response.TextAsync()).ShouldNotContain("half");
    }

    [Fact]
    public async Task Providers_that_vanish_before_the_answer_are_a_503_and_settled_as_estimated()
    {
        var script = fixture.Peers.Providers.Script(_ => throw new InvalidOperationException("gone"));
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script));

        ((int)response.StatusCode).ShouldBeOneOf(500, 503);
        await response.ErrorCodeAsync();
        (await response.TextAsync()).ShouldNotContain("gone");
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        completed.Settlement.ShouldBe("estimated");
    }

    [Fact]
    public async Task End_user_and_cache_key_leave_the_gateway_as_pseudonyms_only()
    {
        var body = Chat.Body();
        body["user"] = "alice@example.com";
        body["prompt_cache_key"] = "secret-prefix";
        using var response = await fixture.Gateway.Client.PostAsync(body);

        var start = fixture.Peers.Providers.Starts[response.RequestId()];
        start.Request.EndUser.Length.ShouldBe(32);
        start.Attribution.EndUser.ShouldBe(start.Request.EndUser);
        start.ToString().ShouldNotContain("alice");
        start.ToString().ShouldNotContain("secret-prefix");
    }
}
