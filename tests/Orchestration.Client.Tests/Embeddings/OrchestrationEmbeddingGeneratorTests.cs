using Microsoft.Extensions.AI;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Embeddings.V1;
using Vector = Orchestration.Contracts.Embeddings.V1.Embedding;

namespace Orchestration.Client.Tests.Embeddings;

public sealed class OrchestrationEmbeddingGeneratorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Vectors_come_in_order_with_usage_and_cost()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Embed = (request, _) => Task.FromResult(new EmbeddingsResponse
        {
            Embeddings = { request.Inputs.Select(input => new Vector { Values = { input.Length, 1f } }) },
            Response = Answers.Response,
            Usage = Answers.Usage,
            Summary = Answers.Summary,
        });

        var answer = await peer.Embeddings.GenerateAsync(["a", "bcd"], new EmbeddingGenerationOptions { Dimensions = 2 }, Cancellation);

        answer.Select(embedding => embedding.Vector.ToArray()).ShouldBe([[1f, 1f], [3f, 1f]]);
        answer.ShouldAllBe(embedding => embedding.ModelId == "deepseek-flash");
        answer.Usage!.InputTokenCount.ShouldBe(15);
        answer.GetOrchestrationFacts()!.Cost.ShouldBe(0.0000123m);
        peer.Script.EmbeddingsRequests.Single().ShouldBe(new EmbeddingsRequest { Model = "embedding", Inputs = { "a", "bcd" }, Dimensions = 2 });
        peer.Script.Calls.Single().Authorization.ShouldBe($"Bearer {GatewayPeer.Key}");
    }

    [Fact]
    public async Task Answer_without_facts_is_still_an_answer()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Embed = (_, _) => Task.FromResult(new EmbeddingsResponse { Embeddings = { new Vector { Values = { 1f } } } });

        var answer = await peer.Embeddings.GenerateAsync(["a"], cancellationToken: Cancellation);

        answer.Single().ModelId.ShouldBeNull();
        answer.Usage.ShouldBeNull();
        peer.Script.EmbeddingsRequests.Single().HasDimensions.ShouldBeFalse();
    }

    [Fact]
    public async Task Answer_above_the_default_message_limit_arrives()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var vector = new Vector { Values = { Enumerable.Repeat(0.5f, 3_072) } };
        peer.Script.Embed = (request, _) => Task.FromResult(new EmbeddingsResponse { Embeddings = { request.Inputs.Select(_ => vector) } });

        var answer = await peer.Embeddings.GenerateAsync(Enumerable.Repeat("a", 500), cancellationToken: Cancellation);

        answer.Count.ShouldBe(500);
    }
}
