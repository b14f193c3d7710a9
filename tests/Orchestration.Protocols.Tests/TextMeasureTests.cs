using System.Text;
using CsCheck;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Tests;

public sealed class TextMeasureTests
{
    [Theory]
    [InlineData("", 0, 0, 0)]
    [InlineData("hello", 5, 0, 5)]
    [InlineData("你好,world", 12, 2, 6)]
    [InlineData("こんにちは。", 18, 6, 0)]
    [InlineData("한국어", 9, 3, 0)]
    [InlineData("né🙂", 7, 0, 3)]
    public void Characters_are_counted_by_script(string text, long bytes, long cjk, long other)
    {
        TextMeasure.Measure(text).ShouldBe(new TextSize(bytes, cjk, other));
        TextMeasure.MeasureUtf8(Encoding.UTF8.GetBytes(text)).ShouldBe(new TextSize(bytes, cjk, other));
    }

    [Fact]
    public void Upper_bound_is_never_below_the_estimate_nor_above_the_bytes()
    {
        Gen.Select(Gen.String[Gen.Char["ab 你好é🙂ж{}0"], 1, 200], Gen.OneOf("deepseek-chat", "gpt-4.1", "gpt-4", "claude-sonnet", "qwen:qwen-max", "unheard-of")).Sample((text, model) =>
        {
            var size = TextMeasure.Measure(text);
            var upper = TextMeasure.UpperBoundTokens(size, model);
            upper.ShouldBeLessThanOrEqualTo(Math.Max(1, size.Bytes));
            TextMeasure.EstimateTokens(size, model).ShouldBeLessThanOrEqualTo(upper);
        }, iter: 2_000);
    }

    [Fact]
    public void Whole_request_is_measured()
    {
        var request = new ChatRequest();
        request.Messages.Add(new Message
        {
            Role = Role.User,
            Parts =
            {
                new Part { Text = new Text { Text_ = "hi" } },
                new Part { Image = new Image { Url = "data:image/png;base64,AAAAAAAAAAAAAAAA" } },
                new Part { ToolResult = new ToolResult { Parts = { new Part { Text = new Text { Text_ = "42" } } } } },
            },
        });
        request.Tools.Add(new Tool { Name = "f", Description = "does", Parameters = "{}" });
        TextMeasure.Measure(request).ShouldBe(new TextSize(11, 0, 11, 1, 1));
    }

    [Fact]
    public void Provider_prefix_does_not_change_the_family()
    {
        var size = TextMeasure.Measure("一二三四五六七八九十");
        TextMeasure.EstimateTokens(size, "deepseek/deepseek-chat").ShouldBe(TextMeasure.EstimateTokens(size, "deepseek-chat"));
        TextMeasure.EstimateTokens(size, "claude-opus").ShouldBeGreaterThan(TextMeasure.EstimateTokens(size, "deepseek-chat"));
    }
}
