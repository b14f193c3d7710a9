using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Tests.Chat;

public sealed class QuotedSourcesTests
{
    private const string Sources = "<sources-ab12>\n[1] Returns\n# Returns\n\nParcels may be sent back within thirty days. The refund takes a week.\n\n[2] 付款\n我们接受银行转账。发票每月开具。\n\n</sources-ab12>";

    [Theory]
    [InlineData("How long does the refund take?", "The refund takes a week [1].")]
    [InlineData("When may parcels be sent back?", "Parcels may be sent back within thirty days [1].")]
    [InlineData("可以用银行转账吗？", "我们接受银行转账[2]。")]
    [InlineData("Which planet is largest?", "The sources do not say.")]
    public void Sentence_that_shares_most_words_is_the_answer_with_its_number(string question, string expected) =>
        QuotedSources.Answer($"{Sources}\n{question}", question).ShouldBe(expected);

    [Fact]
    public void Prompt_without_passages_has_no_such_answer() => QuotedSources.Answer("[1] is a number.", "What?").ShouldBeNull();

    [Fact]
    public void Marks_must_be_the_same() => QuotedSources.Answer("<sources-a>\n[1] x\ny\n</sources-b>", "y?").ShouldBeNull();
}
