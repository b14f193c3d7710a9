using System.Text;
using Orchestration.Gateway.Planning;

namespace Orchestration.Gateway.Tests.Planning;

public sealed class PromptShapeTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("长")]
    [InlineData("😀")]
    [InlineData("a长😀é")]
    public void Tail_is_as_long_as_it_may_be_and_never_cuts_a_character(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 10_000));

        var tail = PromptShape.Tail(text);

        var bytes = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(tail);
        bytes.ShouldBeLessThanOrEqualTo(PromptShape.LongestText);
        bytes.ShouldBeGreaterThan(PromptShape.LongestText - 4);
        text.ShouldEndWith(tail);
    }

    [Fact]
    public void Short_text_stays_whole() => PromptShape.Tail("短 text").ShouldBe("短 text");

    [Fact]
    public void Close_names_come_nearest_first() =>
        CloseNames.Find("deepsek/chat", ["deepseek/chat", "deepseek/chat2", "openai/gpt"]).ShouldBe(["deepseek/chat", "deepseek/chat2"]);

    [Fact]
    public void Name_of_a_megabyte_has_no_close_names() => CloseNames.Find(new string('x', 1_000_000), ["x"]).ShouldBeEmpty();
}
