using Orchestration.Client.Rerank;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Rerank.V1;

namespace Orchestration.Client.Tests.Rerank;

public sealed class OrchestrationRerankerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_come_by_relevance_with_usage_and_cost()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Rerank = (_, _) => Task.FromResult(new RerankResponse
        {
            Results = { new RankedDocument { Index = 1, Relevance = 0.9 }, new RankedDocument { Index = 0, Relevance = 0.1 } },
            Response = Answers.Response,
            Usage = new Usage { InputTokens = 15, SearchUnits = 2 },
            Summary = Answers.Summary,
        });

        var ranking = await peer.Reranker.RerankAsync("which", ["one", "two"], top: 2, cancellationToken: Cancellation);

        ranking.Results.ShouldBe([new RankedText(1, 0.9, "two"), new RankedText(0, 0.1, "one")]);
        (ranking.ModelId, ranking.Usage!.InputTokenCount, ranking.SearchUnits).ShouldBe(("deepseek-flash", 15, 2));
        (ranking.Facts.Cost, ranking.Facts.Currency).ShouldBe((0.0000123m, "USD"));
        peer.Script.RerankRequests.Single().ShouldBe(new RerankRequest { Model = "rerank", Query = "which", Documents = { "one", "two" }, TopCount = 2 });
        peer.Script.Calls.Single().Authorization.ShouldBe($"Bearer {GatewayPeer.Key}");
    }

    [Fact]
    public async Task Model_can_be_named_in_options_and_per_call()
    {
        await using var peer = await GatewayPeer.StartAsync(options => options.RerankModel = "cohere/rerank-v3.5");
        peer.Script.Rerank = (_, _) => Task.FromResult(new RerankResponse { Results = { new RankedDocument { Relevance = 1 } } });

        var ranking = await peer.Reranker.RerankAsync("q", ["a"], cancellationToken: Cancellation);
        await peer.Reranker.RerankAsync("q", ["a"], model: "jina/jina-reranker-v3", cancellationToken: Cancellation);

        (ranking.ModelId, ranking.Usage).ShouldBe((null, null));
        peer.Script.RerankRequests.Select(r => (r.Model, r.HasTopCount)).ShouldBe([("cohere/rerank-v3.5", false), ("jina/jina-reranker-v3", false)]);
    }

    [Fact]
    public async Task Cancelled_call_is_an_operation_cancelled()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        peer.Script.Rerank = async (_, context) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            return new RerankResponse();
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = peer.Reranker.RerankAsync("q", ["a"], cancellationToken: leaving.Token);
        await asked.Task.WaitAsync(Cancellation);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }
}
