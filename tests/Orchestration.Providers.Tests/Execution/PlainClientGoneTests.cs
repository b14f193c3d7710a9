using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Providers.Embeddings;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers.Tests.Execution;

/// <summary>Requests that are answered as a whole, over the calls that can be told that the client has left.</summary>
public sealed class PlainClientGoneTests(ProvidersFixture fixture)
{
    private const string Ranks = """{"usage":{"total_tokens":1000},"results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}]}""";
    private readonly TaskCompletionSource _underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_batch_is_sent_after_the_client_has_left_and_the_summary_still_comes()
    {
        var request = Request("left-batches", HoldAsync);
        request.Plan.Rules.DrainAfterDisconnect = new Duration();
        using var call = fixture.Client.ExecuteEmbed(fixture.Call(cancellationToken: Cancellation));
        await call.RequestStream.WriteAsync(new ExecuteEmbedRequest { Start = request }, Cancellation);
        await _underWay.Task.WaitAsync(Cancellation);

        await call.RequestStream.WriteAsync(new ExecuteEmbedRequest { ClientGone = new ClientGone() }, Cancellation);

        var summary = await LeftAsync(call.ResponseAsync);
        (summary.Attempts.Count, summary.Settlement).ShouldBe((4, Settlement.Estimated));
        fixture.Upstream.Requests("left-batches").Count.ShouldBe(4);
        fixture.Completed(Guid.Parse(request.RequestId)).Select(c => c.Outcome).ShouldBe(Enumerable.Repeat("cancelled", 4));
    }

    [Fact]
    public async Task Batches_under_way_are_read_on_as_the_policy_says_and_paid_exactly()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = Request("drained-batches", async exchange =>
        {
            CountIn();
            await goOn.Task;
            await AnswerAsync(exchange);
        });
        using var leaves = new CancellationTokenSource();
        var order = ExecutionOrder.Read(request.RequestId, request.Attribution, request.Plan, null, DateTimeOffset.UnixEpoch, 9, new ExecutionOptions());
        var work = new EmbeddingWork(request.Request, order, maxBodyBytes: 1024 * 1024);
        var running = fixture.Services.GetRequiredService<PlainExecution>().RunAsync(order, work, default, leaves.Token, Cancellation);
        await _underWay.Task.WaitAsync(Cancellation);

        await leaves.CancelAsync();
        goOn.SetResult();

        var failed = (await running).ShouldBeOfType<PlainOutcome<EmbeddingsResponse>.Failed>();
        failed.Failure.Code.ShouldBe("client_gone");
        (failed.Summary.Attempts.Count, failed.Summary.Settlement, failed.Summary.Cost.Amount).ShouldBe((4, Settlement.Exact, "0.028"));
        fixture.Upstream.Requests("drained-batches").Count.ShouldBe(4);
    }

    [Fact]
    public async Task Ranking_that_nobody_waits_for_is_left_and_summed_up()
    {
        var url = fixture.Upstream.Script("left-ranks", HoldAsync);
        var start = RankRequest(url, "left-ranks");
        start.Plan.Rules.DrainAfterDisconnect = new Duration();
        using var call = fixture.Client.ExecuteRerank(fixture.Call(cancellationToken: Cancellation));
        _asked = 3;
        await call.RequestStream.WriteAsync(new ExecuteRerankRequest { Start = start }, Cancellation);
        await _underWay.Task.WaitAsync(Cancellation);

        await call.RequestStream.WriteAsync(new ExecuteRerankRequest { ClientGone = new ClientGone() }, Cancellation);

        (await LeftAsync(call.ResponseAsync)).Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(AttemptOutcome.Cancelled);
    }

    [Fact]
    public async Task Watched_calls_are_answered_as_the_plain_ones()
    {
        var request = Request("watched", AnswerAsync);
        using var embedding = fixture.Client.ExecuteEmbed(fixture.Call(cancellationToken: Cancellation));
        using var ranking = fixture.Client.ExecuteRerank(fixture.Call(cancellationToken: Cancellation));

        await embedding.RequestStream.WriteAsync(new ExecuteEmbedRequest { Start = request }, Cancellation);
        var url = fixture.Upstream.Script("watched-ranks", e => e.ReplyJsonAsync(Ranks));
        await ranking.RequestStream.WriteAsync(new ExecuteRerankRequest { Start = RankRequest(url, "watched-ranks") }, Cancellation);

        (await embedding).Embeddings.Select(e => (int)e.Values[0]).ShouldBe(Enumerable.Range(1, 80));
        (await ranking).Results.Select(r => r.Index).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Watched_call_that_does_not_begin_with_its_start_is_refused()
    {
        using var embedding = fixture.Client.ExecuteEmbed(fixture.Call(cancellationToken: Cancellation));
        using var ranking = fixture.Client.ExecuteRerank(fixture.Call(cancellationToken: Cancellation));

        await embedding.RequestStream.WriteAsync(new ExecuteEmbedRequest { ClientGone = new ClientGone() }, Cancellation);
        await ranking.RequestStream.CompleteAsync();

        (await Should.ThrowAsync<RpcException>(() => embedding.ResponseAsync)).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(() => ranking.ResponseAsync)).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private static async Task<Summary> LeftAsync(Task answer)
    {
        var exception = await Should.ThrowAsync<RpcException>(() => answer);
        exception.GetFailure().Code.ShouldBe("client_gone");
        return Summary.Parser.ParseFrom(exception.Trailers.GetValueBytes("orchestration-summary-bin"));
    }

    private Task HoldAsync(UpstreamExchange exchange)
    {
        CountIn();
        return exchange.HoldAsync();
    }

    private void CountIn()
    {
        if (Interlocked.Increment(ref _asked) == 4) _underWay.SetResult();
    }

    private static Task AnswerAsync(UpstreamExchange exchange)
    {
        var inputs = JsonNode.Parse(exchange.Request.Body)!["input"]!.AsArray().Select(t => t!.GetValue<string>());
        var data = inputs.Index().Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"index":{{i.Index}},"embedding":[{{i.Item}},0.5]}"""));
        return exchange.ReplyJsonAsync($$"""{"data":[{{string.Join(',', data)}}],"usage":{"prompt_tokens":1000,"total_tokens":1000} }""");
    }

    /// <summary>Eight batches of a vendor that takes ten texts a call; four run side by side.</summary>
    private EmbedRequest Request(string name, Func<UpstreamExchange, Task> script)
    {
        var candidate = Plans.Candidate(name, fixture.Upstream.Script(name, script));
        candidate.Deployment.Provider = "alibaba";
        var start = Plans.Start(Plans.Plan(candidate));
        return new EmbedRequest
        {
            RequestId = start.RequestId,
            Attribution = start.Attribution,
            Plan = start.Plan,
            Request = new EmbeddingsRequest { Model = "embedding", Inputs = { Enumerable.Range(1, 80).Select(i => i.ToString(CultureInfo.InvariantCulture)) } },
            StartedAt = start.StartedAt,
            EstimatedInputTokens = 9,
        };
    }

    private static RerankCall RankRequest(string url, string name)
    {
        var candidate = Plans.Candidate(name, url);
        candidate.Deployment.Provider = "jina";
        var start = Plans.Start(Plans.Plan(candidate));
        return new RerankCall
        {
            RequestId = start.RequestId,
            Attribution = start.Attribution,
            Plan = start.Plan,
            Request = new RerankRequest { Model = "rerank", Query = "which", Documents = { "one", "two" } },
            StartedAt = start.StartedAt,
            EstimatedInputTokens = 9,
        };
    }
}
