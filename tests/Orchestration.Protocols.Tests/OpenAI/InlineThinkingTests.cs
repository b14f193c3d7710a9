using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class InlineThinkingTests
{
    [Theory]
    [InlineData("<think>one</think>two", "one", "two")]
    [InlineData("\n <think>\none\n\nmore\n</think>\n\ntwo </think> three", "one\n\nmore", "two </think> three")]
    [InlineData("<think>never closed</thi", "never closed</thi", "")]
    [InlineData("<think></think>two", "", "two")]
    [InlineData("a <think>one</think>", "", "a <think>one</think>")]
    [InlineData("  plain", "", "  plain")]
    [InlineData("<th", "", "<th")]
    [InlineData("<think>one</think>  \n", "one", "")]
    [InlineData("", "", "")]
    public void Reasoning_at_the_beginning_is_taken_out_wherever_the_text_is_cut(string text, string reasoning, string rest)
    {
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
                Split(text[..first], text[first..second], text[second..]).ShouldBe((reasoning, rest), $"cut at {first} and {second}");
        }

        Split([.. text.Select(c => c.ToString())]).ShouldBe((reasoning, rest));
    }

    [Fact]
    public void Text_is_not_held_back_once_it_cannot_be_a_tag()
    {
        var inline = new InlineThinking("think");

        inline.Add("<b").ShouldBe(("", "<b"));
        inline.Add("<think>").ShouldBe(("", "<think>"));
        inline.End().ShouldBe(("", ""));
    }

    private static (string Reasoning, string Text) Split(params string[] deltas)
    {
        var inline = new InlineThinking("think");
        var whole = deltas.Select(inline.Add).Append(default).ToList();
        whole[^1] = inline.End();
        return (string.Concat(whole.Select(w => w.Reasoning)), string.Concat(whole.Select(w => w.Text)));
    }
}
