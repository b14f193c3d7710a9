using Orchestration.Indexing.Search;

namespace Orchestration.Indexing.Tests.Search;

public sealed class ScoreFusionTests
{
    private static readonly Dictionary<int, double> Text = new() { [1] = 9, [2] = 8.9, [3] = 1 };
    private static readonly Dictionary<int, double> Similarities = new() { [1] = 0.1, [2] = 0.9, [3] = 0.2, [4] = 0.8, [5] = 0.3 };

    [Fact]
    public void Without_weight_the_words_decide() =>
        new ScoreFusion(0, 0, 0.5).Rank(Text, new Dictionary<int, double>(), [1, 2, 3]).Select(chunk => chunk.Chunk).ShouldBe([1, 2, 3]);

    [Fact]
    public void Vectors_tip_the_scale_between_equals() =>
        new ScoreFusion(0.5, 0, 0.5).Rank(Text, Similarities, [1, 2, 3]).First().Chunk.ShouldBe(2);

    [Fact]
    public void Passage_found_by_its_vector_alone_must_pass_the_threshold() =>
        new ScoreFusion(0.5, 0, 0.5).Rank(Text, Similarities, [1, 2, 3, 4, 5]).Select(chunk => chunk.Chunk).ShouldBe([2, 1, 3, 4]);

    [Fact]
    public void One_that_stands_out_by_its_words_is_not_overruled()
    {
        var text = Enumerable.Range(1, 12).ToDictionary(chunk => chunk, chunk => chunk == 1 ? 20.0 : 1);
        var similarities = text.Keys.ToDictionary(chunk => chunk, chunk => chunk == 2 ? 0.99 : 0.1);

        new ScoreFusion(0.8, 0, 0.5).Rank(text, similarities, text.Keys).First().Chunk.ShouldBe(1);
    }

    [Fact]
    public void The_only_one_that_holds_the_words_is_not_overruled()
    {
        var similarities = Enumerable.Range(1, 12).ToDictionary(chunk => chunk, chunk => chunk == 2 ? 0.99 : 0.1);

        new ScoreFusion(0.8, 0, 0.5).Rank(new Dictionary<int, double> { [1] = 5 }, similarities, similarities.Keys).Select(chunk => chunk.Chunk).ShouldBe([1, 2]);
    }

    [Fact]
    public void Scores_say_what_each_side_found()
    {
        var best = new ScoreFusion(1, 0, -1).Rank(new Dictionary<int, double>(), Similarities, Similarities.Keys).First();

        (best.Chunk, best.Score, best.Text, best.Similarity).ShouldBe((2, 0.9, 0, 0.9));
    }
}
