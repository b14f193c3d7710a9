using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Providers.Embeddings;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Tests.Embeddings;

public sealed class EmbeddingBatchTests
{
    private static readonly EmbeddingsRequest Request = new() { Inputs = { Enumerable.Repeat(string.Concat(Enumerable.Repeat("word ", 100)), 6) } };

    [Fact]
    public void Without_limits_one_call_takes_all() => Sizes(new EmbeddingsProfile()).ShouldBe([6]);

    [Fact]
    public void Texts_are_counted() => Sizes(new EmbeddingsProfile { MaxInputs = 4 }).ShouldBe([4, 2]);

    [Fact]
    public void Model_may_have_a_limit_of_its_own() =>
        Sizes(new EmbeddingsProfile { MaxInputs = 4, ModelMaxInputs = new Dictionary<string, int> { ["m"] = 1 } }).ShouldBe([1, 1, 1, 1, 1, 1]);

    [Fact]
    public void Tokens_of_a_call_stay_under_the_limit()
    {
        var whole = EmbeddingBatch.Split(Request, [0], new EmbeddingsProfile(), "m").Single().EstimatedTokens;

        Sizes(new EmbeddingsProfile { MaxTokens = (int)whole * 3 }).ShouldBe([3, 3]);
    }

    [Fact]
    public void Text_above_the_limit_goes_alone() => Sizes(new EmbeddingsProfile { MaxTokens = 1 }).ShouldBe([1, 1, 1, 1, 1, 1]);

    [Fact]
    public void Only_what_is_missing_is_sent()
    {
        var batches = EmbeddingBatch.Split(Request, [1, 4, 5], new EmbeddingsProfile { MaxInputs = 2 }, "m");

        batches.Select(b => b.Positions).ShouldBe([[1, 4], [5]]);
    }

    private static IEnumerable<int> Sizes(EmbeddingsProfile profile) =>
        EmbeddingBatch.Split(Request, Enumerable.Range(0, 6), profile, "m").Select(b => b.Positions.Count);
}
