using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Search;

namespace Orchestration.Indexing.Tests.Search;

public sealed class NeighbourMergingTests
{
    [Fact]
    public void Neighbours_become_one_in_the_place_of_the_better()
    {
        var merged = NeighbourMerging.Merge([Passage("a", 2, "cc", 4, 0.9), Passage("b", 0, "xx", 0, 0.8), Passage("a", 1, "bb", 2, 0.5), Passage("a", 5, "ff", 10, 0.4)]);

        merged.Select(passage => (passage.DocumentId, passage.Chunk, passage.LastChunk, passage.Text, passage.StartOffset, passage.EndOffset))
            .ShouldBe([("a", 1, 2, "bbcc", 2, 6), ("b", 0, 0, "xx", 0, 2), ("a", 5, 5, "ff", 10, 12)]);
    }

    [Fact]
    public void White_space_between_them_comes_back() =>
        NeighbourMerging.Merge([Passage("a", 0, "one", 0, 1), Passage("a", 1, "two", 5, 0.5)]).Single().Text.ShouldBe("one\ntwo");

    [Fact]
    public void Shared_text_stands_once() =>
        NeighbourMerging.Merge([Passage("a", 0, "one two", 0, 1), Passage("a", 1, "two three", 4, 0.5)]).Single().Text.ShouldBe("one two three");

    private static Passage Passage(string document, int chunk, string text, int start, double score) => new()
    {
        DocumentId = document,
        Chunk = chunk,
        LastChunk = chunk,
        Text = text,
        StartOffset = start,
        EndOffset = start + text.Length,
        Score = score,
    };
}
