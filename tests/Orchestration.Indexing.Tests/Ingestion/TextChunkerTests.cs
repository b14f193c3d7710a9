using CsCheck;
using Orchestration.Indexing.Ingestion;

namespace Orchestration.Indexing.Tests.Ingestion;

public sealed class TextChunkerTests
{
    [Fact]
    public void Nothing_but_white_space_is_left_out()
    {
        var texts = Gen.OneOf(Gen.Const("word "), Gen.Const("a sentence. "), Gen.Const("\n\n"), Gen.Const("中文的一句话。"), Gen.Const("😀"), Gen.String[Gen.Char.AlphaNumeric, 1, 40]).Array[0, 60].Select(string.Concat);

        texts.Sample(text =>
        {
            var chunks = TextChunker.Split(text, 100);
            string.Concat(chunks.Select(chunk => text[chunk.Start..chunk.End])).Where(c => !char.IsWhiteSpace(c))
                .SequenceEqual(text.Where(c => !char.IsWhiteSpace(c))).ShouldBeTrue();
            chunks.ShouldAllBe(chunk => chunk.End > chunk.Start && chunk.End - chunk.Start <= 100);
            chunks.ShouldAllBe(chunk => !char.IsLowSurrogate(text[chunk.Start]));
        });
    }

    [Fact]
    public void Cut_falls_between_paragraphs_where_one_fits()
    {
        var first = new string('a', 60);
        var text = $"{first}\n\n{new string('b', 80)}";

        TextChunker.Split(text, 100).ShouldBe([new TextChunk(0, 60), new TextChunk(62, 142)]);
    }

    [Fact]
    public void Chinese_text_is_cut_after_a_full_stop()
    {
        var text = new string('中', 50) + "。" + new string('文', 80);

        TextChunker.Split(text, 100)[0].ShouldBe(new TextChunk(0, 51));
    }
}
