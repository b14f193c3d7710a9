using CsCheck;
using Orchestration.Indexing.Chunking;

namespace Orchestration.Indexing.Tests.Chunking;

public sealed class TextChunkerTests
{
    private static readonly ChunkSettings Small = new(40);

    [Fact]
    public void Nothing_but_white_space_is_left_out()
    {
        var texts = Gen.OneOf(
            Gen.Const("word "), Gen.Const("a sentence. "), Gen.Const("\n\n"), Gen.Const("中文的一句话。"), Gen.Const("😀"), Gen.Const("\n# Heading\n"),
            Gen.Const("\n| a | b |\n"), Gen.Const("\n```\n"), Gen.Const("line\n---\n"), Gen.Const("\r\n"),
            Gen.String[Gen.Char.AlphaNumeric, 1, 300]).Array[0, 60].Select(string.Concat);

        texts.Sample(text =>
        {
            var pieces = TextChunker.Split(text, Small);
            var end = 0;
            foreach (var piece in pieces)
            {
                piece.Start.ShouldBeGreaterThanOrEqualTo(end);
                text[end..piece.Start].ShouldBeNullOrWhiteSpace();
                end = piece.End;
                TokenEstimate.Of(text.AsSpan(piece.Start, end - piece.Start)).ShouldBeLessThanOrEqualTo(Small.MaxTokens);
            }

            text[end..].ShouldBeNullOrWhiteSpace();
            pieces.ShouldAllBe(piece => piece.End > piece.Start && !char.IsLowSurrogate(text[piece.Start]));
        });
    }

    [Fact]
    public void Section_begins_a_chunk_and_knows_the_headings_above_it()
    {
        var text = $"# Guide\n\n## Returns\n\n{Words(18)}\n\n## Payment\n\n### Cards\n\n{Words(18)}";

        var pieces = TextChunker.Split(text, Small);

        pieces.Select(piece => text[piece.Start..piece.End].Split('\n')[0]).ShouldBe(["# Guide", "## Payment"]);
        pieces.Select(piece => piece.Headings).ShouldBe(["", "Guide"]);
    }

    [Fact]
    public void Later_chunk_of_a_section_stands_under_its_heading()
    {
        var text = $"# Guide\n\nReturns\n-------\n\n{Words(18)}\n\n{Words(18)}";

        TextChunker.Split(text, Small)[^1].Headings.ShouldBe("Guide > Returns");
    }

    [Theory]
    [InlineData("| a | b |\n| --- | --- |\n| one | two |\n| three | four |")]
    [InlineData("```\nvar a = 1;\n\nvar b = 2;\n\nreturn a + b;\n```")]
    public void Table_and_code_that_fit_stay_whole(string block)
    {
        var text = $"{Words(15)}\n\n{block}\n\n{Words(15)}";

        TextChunker.Split(text, Small).Select(piece => text[piece.Start..piece.End]).ShouldContain(piece => piece.Contains(block));
    }

    [Fact]
    public void Heading_never_stands_alone_at_the_end_of_a_chunk()
    {
        var text = $"{Words(13)}\n\n# Returns\n\n{Words(18)}";

        var pieces = TextChunker.Split(text, Small);

        text[pieces[^1].Start..].ShouldStartWith("# Returns");
    }

    [Fact]
    public void Chinese_text_is_cut_after_a_full_stop_and_its_chapters_are_headings()
    {
        var text = $"第三章 退货\n{new string('中', 28)}。{new string('文', 30)}。";

        var pieces = TextChunker.Split(text, Small);

        text[pieces[0].Start..pieces[0].End].ShouldEndWith("中。");
        pieces[1].Headings.ShouldBe("第三章 退货");
    }

    [Fact]
    public void One_line_of_a_million_characters_is_cut_in_time()
    {
        var pieces = TextChunker.Split(new string('x', 1_000_000), new ChunkSettings(400));

        pieces.Count.ShouldBeInRange(500, 2_000);
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("words", count)) + ".";
}
