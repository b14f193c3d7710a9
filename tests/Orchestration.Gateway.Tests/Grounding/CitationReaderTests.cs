using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Grounding;

namespace Orchestration.Gateway.Tests.Grounding;

public sealed class CitationReaderTests
{
    [Theory]
    [InlineData("Parcels can be returned within 14 days [1]. Shipping is free [2].", "Parcels can be returned within 14 days", "Shipping is free")]
    [InlineData("Parcels can be returned within 14 days. [1] Shipping is free.[2]", "Parcels can be returned within 14 days.", "Shipping is free.")]
    [InlineData("First line\nIt costs 3.50 EUR at most [1], shipping is free [2]", "It costs 3.50 EUR at most", ", shipping is free")]
    [InlineData("包裹可以在十四天内退回【1】。运费由我们承担。【2】", "包裹可以在十四天内退回", "运费由我们承担。")]
    public void Number_stands_behind_the_statement_that_it_is_for(string answer, string first, string second)
    {
        var grounded = Read(answer);

        grounded.Citations.Select(citation => citation.Number).ShouldBe([1, 2]);
        grounded.Citations.Select(citation => answer[citation.StatementStart..citation.StatementEnd]).ShouldBe([first, second]);
    }

    [Theory]
    [InlineData("Both say so [1][2].")]
    [InlineData("Both say so [1] [2].")]
    [InlineData("Both say so [1, 2].")]
    [InlineData("Both say so [1、2].")]
    public void Several_numbers_stand_behind_one_statement(string answer)
    {
        var grounded = Read(answer);

        grounded.Citations.Select(citation => citation.Number).ShouldBe([1, 2]);
        grounded.Citations.ShouldAllBe(citation => answer.Substring(citation.StatementStart, citation.StatementEnd - citation.StatementStart) == "Both say so");
    }

    [Fact]
    public void Number_without_a_source_is_told_apart()
    {
        var grounded = Read("It is blue [7], and red [7] [1].");

        grounded.UnknownCitations.ShouldBe([7]);
        grounded.Citations.ShouldHaveSingleItem().Number.ShouldBe(1);
    }

    [Theory]
    [InlineData("A list[i] and a [link](https://example.com) and [].")]
    [InlineData("Open [")]
    [InlineData("Open [12")]
    [InlineData("Long [1234567]")]
    [InlineData("")]
    public void Other_brackets_are_no_citations(string answer)
    {
        var grounded = Read(answer);

        grounded.Citations.ShouldBeEmpty();
        grounded.UnknownCitations.ShouldBeEmpty();
    }

    [Fact]
    public void Support_is_the_share_of_the_statement_that_the_source_has()
    {
        Read("Parcels can be returned within 14 days [1]").Citations[0].Support.ShouldBe(1);
        Read("Refunds arrive in three weeks [1]").Citations[0].Support.ShouldBe(0);
        Read("包裹可以退回【2】").Citations[0].Support.ShouldBe(0.8);
    }

    private static Grounded Read(string answer)
    {
        var grounded = new Grounded
        {
            Sources =
            {
                new Source { Number = 1, Text = "Parcels can be returned within 14 days." },
                new Source { Number = 2, Text = "包裹可以免费寄出和退回。" },
            },
        };
        CitationReader.Read(answer, grounded);
        return grounded;
    }
}
