using Orchestration.Indexing.Analysis;

namespace Orchestration.Indexing.Tests.Analysis;

public sealed class TextAnalyzerTests : IDisposable
{
    private readonly TextAnalyzer _analyser = new();

    public void Dispose() => _analyser.Dispose();

    [Theory]
    [InlineData("The customer's parcels were returned", "custom parcel return")]
    [InlineData("What is a café?", "cafe")]
    [InlineData("退货运费", "退 退货 货 货运 运 运费 费")]
    [InlineData("iPhone15手机 ＡＢＣ", "iphone15 手 手机 机 abc")]
    [InlineData("的", "")]
    [InlineData("", "")]
    public void Text_becomes_the_terms_of_its_scripts(string text, string terms) =>
        string.Join(' ', _analyser.Terms(text).Order(StringComparer.Ordinal))
            .ShouldBe(string.Join(' ', terms.Split(' ').Order(StringComparer.Ordinal)));

    [Fact]
    public void Terms_are_counted_in_ordinal_order()
    {
        var counts = _analyser.Count("river apple river");

        counts.Terms.ShouldBe(["appl", "river"]);
        counts.Counts.ShouldBe([1, 2]);
        counts.Length.ShouldBe(3);
    }

    [Fact]
    public void Threads_do_not_disturb_each_other() =>
        Parallel.For(0, 200, number => _analyser.Terms($"parcel{number} rivers").ShouldBe([$"parcel{number}", "river"]));

    [Fact]
    public void What_is_too_long_for_a_word_is_left_out() => _analyser.Terms(new string('x', 200) + " river").ShouldBe(["river"]);
}
