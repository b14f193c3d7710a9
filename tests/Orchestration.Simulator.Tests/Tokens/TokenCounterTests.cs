using Orchestration.Simulator.Tokens;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Tests.Tokens;

public sealed class TokenCounterTests
{
    private static readonly VendorCatalogue Vendors = VendorCatalogue.Load();

    [Theory]
    [InlineData("openai", "Hello, world! 12345 internationalisation", 13)]
    [InlineData("xai", "question", 2)]
    [InlineData("anthropic", "question", 3)]
    [InlineData("openai", "数据库的索引和事务", 7)]
    [InlineData("deepseek", "数据库的索引和事务", 5)]
    [InlineData("openai", "", 0)]
    [InlineData("openai", "   ", 1)]
    [InlineData("openai", "😀😀", 2)]
    public void Counts_stay_as_they_are(string vendor, string text, int tokens) =>
        Vendors.Find(vendor)!.Tokens.Count(text).ShouldBe(tokens);

    [Fact]
    public void Pieces_join_to_the_text_and_are_as_many_as_counted()
    {
        const string Text = "  Mixed 文本 with émigré words, 2026年11月22日, and 😀 faces.\n";
        foreach (var id in Vendors.Ids)
        {
            var counter = Vendors.Find(id)!.Tokens;

            var split = counter.Split(Text);

            split.Count.ShouldBe(counter.Count(Text));
            string.Concat(Enumerable.Range(0, split.Count).Select(index => split[index].ToString())).ShouldBe(Text);
        }
    }

    [Fact]
    public void Taking_tokens_keeps_the_first_ones()
    {
        var counter = new TokenCounter(new TokenRates(4, 60));

        counter.Split("one two three").Take(2).Text.ShouldBe("one two");
    }
}
