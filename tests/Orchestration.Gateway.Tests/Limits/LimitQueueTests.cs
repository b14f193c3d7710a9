using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Gateway.Limits;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Limits;

/// <summary>Requests that wait for room under their limits, on a route whose policy lets two of a tenant wait.</summary>
public sealed class LimitQueueTests(LimitedGateway limited) : IClassFixture<LimitedGateway>
{
    private const string Queued = "test/queued";
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _most;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LimitQueue Queue => limited.Gateway.Services.GetRequiredService<LimitQueue>();

    [Fact]
    public async Task Request_without_a_place_waits_for_one_and_what_no_place_in_the_queue_is_left_for_is_refused()
    {
        using var client = await LimitedGateway.ClientAsync(limited.Gateway, LimitedGateway.Concurrency(1));
        var question = Held();
        var asked = new List<Task<HttpResponseMessage>> { AskAsync(client, question) };
        await Eventually.HoldsAsync(() => Volatile.Read(ref _running) == 1, Cancellation);
        asked.AddRange([AskAsync(client, question), AskAsync(client, question)]);
        await Eventually.HoldsAsync(() => Queue.Waiting == 2, Cancellation);

        using var refused = await AskAsync(client, question);
        _goOn.SetResult();
        var answers = await Task.WhenAll(asked);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.ErrorCodeAsync()).ShouldBe("concurrency_limit_exceeded");
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        _most.ShouldBe(1);
        Queue.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Request_that_would_wait_too_long_is_refused_at_once()
    {
        using var client = await LimitedGateway.ClientAsync(limited.Gateway, LimitedGateway.Requests(1));
        using var first = await AskAsync(client, "Hi");

        using var refused = await AskAsync(client, "Hi");

        (first.StatusCode, refused.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.TooManyRequests));
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(3_000);
        Queue.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Client_that_leaves_gives_its_place_in_the_queue_back()
    {
        using var client = await LimitedGateway.ClientAsync(limited.Gateway, LimitedGateway.Concurrency(1));
        var question = Held();
        var first = AskAsync(client, question);
        await Eventually.HoldsAsync(() => Volatile.Read(ref _running) == 1, Cancellation);
        using var leaving = new CancellationTokenSource();
        var second = client.PostAsync("/v1/chat/completions", JsonContent.Create(Chat.Body(model: Queued, text: question)), leaving.Token);
        await Eventually.HoldsAsync(() => Queue.Waiting == 1, Cancellation);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(second);
        await Eventually.HoldsAsync(() => Queue.Waiting == 0, Cancellation);
        _goOn.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string text) => client.PostAsync(Chat.Body(model: Queued, text: text));

    /// <summary>A text that is answered once the test lets it be.</summary>
    private string Held() => limited.Peers.Providers.Script(async call =>
    {
        _most = Math.Max(_most, Interlocked.Increment(ref _running));
        await _goOn.Task;
        Interlocked.Decrement(ref _running);
        await call.AnswerAsync("The", " words");
    });
}
