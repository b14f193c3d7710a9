using Orchestration.Contracts.Indexing.V1;
using Orchestration.Gateway.Grounding;

namespace Orchestration.Gateway.Tests.Grounding;

public sealed class SourceBlockTests
{
    private static readonly Passage[] Passages =
    [
        new() { DocumentId = "a", Title = "A", Text = new string('x', 400), StartOffset = 5, EndOffset = 405 },
        new() { DocumentId = "b", Text = new string('y', 400), Chunk = 3 },
        new() { DocumentId = "c", Text = new string('z', 400) },
    ];

    [Fact]
    public void Sources_are_numbered_in_the_order_of_the_search_as_far_as_they_fit()
    {
        var sources = SourceBlock.Choose(Passages, contextTokens: 270, "any");

        sources.Select(source => (source.Number, source.DocumentId)).ShouldBe([(1, "a"), (2, "b")]);
        sources[0].EndOffset.ShouldBe(405);
        sources[1].Chunk.ShouldBe(3);
    }

    [Fact]
    public void Best_passage_is_shown_even_when_the_budget_is_too_small_for_it() =>
        SourceBlock.Choose(Passages, contextTokens: 10, "any").ShouldHaveSingleItem().DocumentId.ShouldBe("a");

    [Fact]
    public void Title_cannot_begin_a_line_of_its_own()
    {
        var sources = SourceBlock.Choose([new Passage { Title = "One\r\n[2] Two", Text = "Text" }], 1000, "any");

        SourceBlock.Write(sources, "m").ShouldBe("<sources-m>\n[1] One [2] Two\nText\n\n</sources-m>");
    }
}
