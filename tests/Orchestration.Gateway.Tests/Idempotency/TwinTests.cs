using System.Net;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Idempotency;

/// <summary>Requests with one key while the first of them runs.</summary>
public sealed class TwinTests(ReplayFixture replays) : IClassFixture<ReplayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fifty_twins_on_two_gateways_make_one_provider_call_and_get_one_answer(bool stream)
    {
        var calls = 0;
        var goOn = new TaskCompletionSource();
        var script = replays.Shared.Peers.Providers.Script(async call =>
        {
            Interlocked.Increment(ref calls);
            await goOn.Task;
            await call.AnswerAsync([.. Enumerable.Range(0, 40).Select(word => $" word-{word}")]);
        });
        var key = KeyedCalls.NewKey();
        var twins = Enumerable.Range(0, 50).Select(twin => (twin % 2 == 0 ? replays.First : replays.Second).Client.PostOnceAsync(key, Chat.Body(script, stream))).ToList();
        await Eventually.HoldsAsync(() => Volatile.Read(ref calls) > 0, Cancellation);
        goOn.SetResult();
        var responses = await Task.WhenAll(twins);
        var bodies = await Task.WhenAll(responses.Select(response => response.TextAsync()));

        responses.ShouldAllBe(response => response.StatusCode == HttpStatusCode.OK);
        bodies.Distinct().ShouldHaveSingleItem().ShouldContain("word-39");
        calls.ShouldBe(1);
        responses.Count(response => !response.IsReplayed()).ShouldBe(1);
        var id = responses.Select(response => response.RequestId()).Distinct().ShouldHaveSingleItem();
        replays.First.Told<RequestAdmitted>().Concat(replays.Second.Told<RequestAdmitted>()).Count(row => row.RequestId.ToString("D") == id).ShouldBe(1);
    }

    [Fact]
    public async Task Twin_on_another_gateway_sees_a_stream_while_it_runs()
    {
        var goOn = new TaskCompletionSource();
        var script = Halting(goOn);
        var key = KeyedCalls.NewKey();
        using var first = await replays.First.Client.PostOnceAsync(key, Chat.Body(script, stream: true));
        await using var firstStream = await first.Content.ReadAsStreamAsync(Cancellation);
        var begun = await firstStream.ReadUntilAsync("early");

        using var second = await replays.Second.Client.PostOnceAsync(key, Chat.Body(script, stream: true));
        await using var secondStream = await second.Content.ReadAsStreamAsync(Cancellation);
        var followed = await secondStream.ReadUntilAsync("early");
        goOn.SetResult();

        second.IsReplayed().ShouldBeTrue();
        second.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (followed + await secondStream.ReadUntilAsync("[DONE]")).ShouldBe(begun + await firstStream.ReadUntilAsync("[DONE]"));
    }

    [Fact]
    public async Task Client_that_leaves_finds_the_whole_answer_when_it_comes_back()
    {
        var goOn = new TaskCompletionSource();
        var script = Halting(goOn);
        var key = KeyedCalls.NewKey();
        using (var client = GatewayHost.NewClient(replays.First.HttpAddress, replays.First.Settings.ClientKey))
        {
            using var left = await client.PostOnceAsync(key, Chat.Body(script, stream: true));
            await using var stream = await left.Content.ReadAsStreamAsync(Cancellation);
            await stream.ReadUntilAsync("early");
        }

        using var again = await replays.Second.Client.PostOnceAsync(key, Chat.Body(script, stream: true));
        goOn.SetResult();
        var body = await again.TextAsync();

        body.ShouldContain("early");
        body.ShouldContain("late");
        body.ShouldContain("[DONE]");
        var completed = await replays.First.CompletedAsync(again.RequestId(), Cancellation);
        completed.Settlement.ShouldBe("exact");
    }

    [Fact]
    public async Task Twin_is_asked_to_come_back_where_redis_is_away()
    {
        var goOn = new TaskCompletionSource();
        var script = Halting(goOn);
        var key = KeyedCalls.NewKey();
        using var first = await replays.First.Client.PostOnceAsync(key, Chat.Body(script, stream: true));

        // The gateway of all tests has no Redis.
        using var second = await replays.Shared.Gateway.Client.PostOnceAsync(key, Chat.Body(script, stream: true));
        goOn.SetResult();

        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        second.Headers.RetryAfter.ShouldNotBeNull();
        second.Header("x-should-retry").ShouldBe("true");
        (await second.ErrorCodeAsync()).ShouldBe("idempotency_in_flight");
        (await first.TextAsync()).ShouldContain("[DONE]");
    }

    [Fact]
    public async Task Retry_of_an_sdk_without_a_key_joins_the_request_that_it_repeats()
    {
        var calls = 0;
        var goOn = new TaskCompletionSource();
        var halting = new TaskCompletionSource();
        var script = replays.Shared.Peers.Providers.Script(async call =>
        {
            Interlocked.Increment(ref calls);
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("early");
            halting.TrySetResult();
            await goOn.Task;
            await call.TextAsync(" late");
            await call.FinishAsync();
            await call.SummaryAsync();
        });
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var client = GatewayHost.NewClient(replays.First.HttpAddress, replays.First.Settings.ClientKey);
        var first = await client.PostRetryAsync(0, Chat.Body(script, stream: true), leave.Token);
        await halting.Task.WaitAsync(Cancellation);

        using var retry = await replays.First.Client.PostRetryAsync(1, Chat.Body(script, stream: true), Cancellation);
        first.Dispose();
        goOn.SetResult();
        var body = await retry.TextAsync();

        retry.IsReplayed().ShouldBeTrue();
        body.ShouldContain("early");
        body.ShouldContain("late");
        body.ShouldContain("[DONE]");
        calls.ShouldBe(1);
    }

    private string Halting(TaskCompletionSource goOn) => replays.Shared.Peers.Providers.Script(async call =>
    {
        await call.AttemptAsync();
        await call.CommitAsync();
        await call.BeginTextAsync();
        await call.TextAsync("early");
        await goOn.Task;
        await call.TextAsync(" late");
        await call.FinishAsync();
        await call.SummaryAsync();
    });
}
