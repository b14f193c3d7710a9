using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Idempotency;
using StackExchange.Redis;

namespace Orchestration.Gateway.Tests.Caching;

/// <summary>Equal requests on routes that keep answers.</summary>
public sealed class CacheTests(ReplayFixture replays) : IClassFixture<ReplayFixture>
{
    private int _calls;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Answer_is_given_again_in_the_form_that_is_asked_for(bool firstStreams, bool secondStreams)
    {
        var question = Question();
        using var first = await AskAsync(replays.First.Client, question, firstStreams);
        var firstText = await ContentAsync(first, firstStreams);

        using var second = await AskAsync(replays.Second.Client, question, secondStreams);

        (await ContentAsync(second, secondStreams)).ShouldBe(firstText);
        first.Header("x-orchestration-cache").ShouldBe("miss");
        second.Header("x-orchestration-cache").ShouldBe("hit");
        second.Headers.Age.ShouldNotBeNull();
        second.Header("x-orchestration-model").ShouldBe("strong");
        second.RequestId().ShouldNotBe(first.RequestId());
        _calls.ShouldBe(1);
    }

    [Fact]
    public async Task Ledger_has_what_a_hit_has_saved()
    {
        var question = Question();
        using var first = await AskAsync(replays.First.Client, question);
        using var second = await AskAsync(replays.First.Client, question);

        var made = await replays.First.CompletedAsync(first.RequestId(), Cancellation);
        var saved = await replays.First.CompletedAsync(second.RequestId(), Cancellation);
        (made.Cache, made.Cost, made.Baseline).ShouldBe(("miss", 0.00001m, null));
        (saved.Cache, saved.Cost, saved.Baseline).ShouldBe(("hit", 0m, 0.00001m));
        (saved.Settlement, saved.Status, saved.AttemptCount).ShouldBe(("released", "ok", 0));
        replays.First.Told<RequestAdmitted>().Single(row => row.RequestId == saved.RequestId).Reserved.ShouldBe(0);
        var facts = (await second.JsonAsync()).GetProperty("orchestration");
        facts.GetProperty("cache").GetString().ShouldBe("hit");
        facts.GetProperty("cost").GetProperty("amount").GetString().ShouldBe("0");
    }

    [Fact]
    public async Task Neither_another_tenant_nor_another_project_is_answered_from_it()
    {
        var question = Question();
        using var stranger = await ClientAsync(await replays.First.NewTenantAsync());
        using var first = await AskAsync(replays.First.Client, question);

        using var foreign = await AskAsync(stranger, question);

        foreign.Header("x-orchestration-cache").ShouldBe("miss");
        _calls.ShouldBe(2);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("filtered")]
    [InlineData("failed")]
    [InlineData("tool")]
    public async Task Answer_that_is_not_whole_or_calls_tools_is_not_kept(string fault)
    {
        var question = replays.Shared.Peers.Providers.Script(call => SpoiltAsync(call, fault));
        using var first = await AskAsync(replays.First.Client, question);
        await first.TextAsync();

        using var second = await AskAsync(replays.First.Client, question);
        await second.TextAsync();

        second.Header("x-orchestration-cache").ShouldNotBe("hit");
        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task Tool_calls_are_kept_where_the_route_says_so()
    {
        var question = replays.Shared.Peers.Providers.Script(call => SpoiltAsync(call, "tool"));
        using var first = await AskAsync(replays.First.Client, question, model: "test/cached-tools");
        await first.TextAsync();

        using var second = await AskAsync(replays.First.Client, question, model: "test/cached-tools");

        second.Header("x-orchestration-cache").ShouldBe("hit");
        (await second.TextAsync()).ShouldContain("weather");
    }

    [Theory]
    [InlineData("no-store", "bypass", 3)]
    [InlineData("no-cache", "miss", 2)]
    [InlineData("max-age=0", "miss", 2)]
    [InlineData("max-age=600", "hit", 1)]
    public async Task Client_decides_with_cache_control(string header, string expected, int calls)
    {
        var question = Question();
        using var first = await AskAsync(replays.First.Client, question, cacheControl: header == "no-store" ? header : null);
        using var second = await AskAsync(replays.First.Client, question, cacheControl: header);
        using var third = await AskAsync(replays.First.Client, question);

        second.Header("x-orchestration-cache").ShouldBe(expected);
        third.Header("x-orchestration-cache").ShouldBe(header == "no-store" ? "miss" : "hit");
        _calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Equal_requests_at_the_same_time_are_one_provider_call()
    {
        var goOn = new TaskCompletionSource();
        var question = Question(goOn.Task);
        var asking = Enumerable.Range(0, 20).Select(_ => AskAsync(replays.First.Client, question)).ToList();
        await Eventually.HoldsAsync(() => Volatile.Read(ref _calls) > 0, Cancellation);
        goOn.SetResult();
        var answers = await Task.WhenAll(asking);

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        answers.Count(answer => answer.Header("x-orchestration-cache") == "miss").ShouldBe(1);
        answers.Count(answer => answer.Header("x-orchestration-cache") == "hit").ShouldBe(19);
        _calls.ShouldBe(1);
    }

    [Fact]
    public async Task Request_that_fails_lets_those_run_that_waited_for_it()
    {
        var question = replays.Shared.Peers.Providers.Script(call => SpoiltAsync(call, Interlocked.CompareExchange(ref _calls, 0, 0) == 0 ? "failed" : "none"));
        using var failed = await AskAsync(replays.First.Client, question);
        using var second = await AskAsync(replays.First.Client, question);

        failed.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("test:chat")]
    [InlineData("test/cached-for-one")]
    public async Task Route_without_rules_for_the_tenant_keeps_nothing(string model)
    {
        var question = Question();
        using var first = await AskAsync(replays.First.Client, question, model: model);
        using var second = await AskAsync(replays.First.Client, question, model: model);

        second.Header("x-orchestration-cache").ShouldBe("bypass");
        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task Without_redis_requests_go_past_the_cache()
    {
        using var answer = await AskAsync(replays.Shared.Gateway.Client, Question());

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header("x-orchestration-cache").ShouldBe("bypass");
    }

    [Fact]
    public async Task Spoilt_entry_is_a_miss_and_is_replaced()
    {
        var tenant = await replays.First.NewTenantAsync();
        using var client = await ClientAsync(tenant);
        var question = Question();
        using var first = await AskAsync(client, question);
        var redis = replays.First.Services.GetRequiredService<IConnectionMultiplexer>();
        var key = redis.GetServers()[0].Keys(pattern: $"cache:{{{tenant}}}:*").ShouldHaveSingleItem();
        await redis.GetDatabase().StringSetAsync(key, "poison");

        using var second = await AskAsync(client, question);
        using var third = await AskAsync(client, question);

        second.Header("x-orchestration-cache").ShouldBe("miss");
        third.Header("x-orchestration-cache").ShouldBe("hit");
        _calls.ShouldBe(2);
    }

    /// <summary>A text that the provider answers, and that nobody has asked before.</summary>
    private string Question(Task? goOn = null) => replays.Shared.Peers.Providers.Script(async call =>
    {
        Interlocked.Increment(ref _calls);
        await (goOn ?? Task.CompletedTask);
        await call.AnswerAsync("The", " same", " words");
    });

    private async Task SpoiltAsync(ExecuteCall call, string fault)
    {
        Interlocked.Increment(ref _calls);
        await call.AttemptAsync();
        if (fault == "failed")
        {
            await call.FailAsync(FailureClass.ProviderOverloaded, "overloaded");
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
            return;
        }

        await call.CommitAsync();
        if (fault == "tool")
            await call.SendAsync(new ChatEvent { PartStart = new PartStart { Kind = PartKind.ToolCall, ToolCall = new ToolCall { Id = "call_1", Name = "weather" } } });
        else
            await call.BeginTextAsync();
        await call.TextAsync("{}");
        await call.FinishAsync(fault switch { "cut" => FinishReason.Length, "filtered" => FinishReason.ContentFilter, "tool" => FinishReason.ToolCalls, _ => FinishReason.Stop });
        await call.SummaryAsync();
    }

    private static Task<HttpResponseMessage> AskAsync(
        HttpClient client, string question, bool stream = false, string model = "test/cached", string? cacheControl = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Chat.Body(stream: stream, model: model, text: question)) };
        if (cacheControl is not null)
            request.Headers.Add("Cache-Control", cacheControl);
        return client.SendAsync(request, Cancellation);
    }

    private async Task<HttpClient> ClientAsync(string tenant) =>
        GatewayHost.NewClient(replays.First.HttpAddress, (await replays.First.NewKeyAsync(tenant)).Secret);

    private static async Task<string> ContentAsync(HttpResponseMessage response, bool stream)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        if (!stream)
            return (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        var text = await response.TextAsync();
        text.ShouldEndWith("data: [DONE]\n\n");
        return string.Concat(text.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => System.Text.Json.JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("choices"))
            .Where(choices => choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out _))
            .Select(choices => choices[0].GetProperty("delta").GetProperty("content").GetString()));
    }
}
