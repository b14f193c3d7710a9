using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class TokenLearningTests
{
    private const string English = "The quick brown fox jumps over the lazy dog, and nobody asks it why it was so lazy on such a fine morning. ";
    private const string Chinese = "今天天气很好，我们去公园散步，然后在湖边喝茶，谈论明年的计划和未来的生活。";
    private readonly TokenEstimates _estimates = new TokenLearning().For(new Deployment { Provider = "acme", Model = "unheard-of" });
    private readonly Random _random = new(7);

    public static TheoryData<double, double> Ratios => new()
    {
        { 0.35, 0.15 }, { 0.6, 0.3 }, { 1.0, 0.22 }, { 1.3, 0.25 }, { 2.2, 0.45 }, { 0.9, 0.7 }, { 2.5, 0.12 },
    };

    [Theory]
    [MemberData(nameof(Ratios))]
    public void Estimate_is_within_ten_percent_after_a_few_dozen_reports(double perCjk, double perOther)
    {
        for (var i = 0; i < 48; i++)
        {
            var (prompt, output) = (Text(i), Text(i + 1));
            _estimates.Learn(prompt, output, Report(Tokens(prompt, perCjk, perOther) + 4, Tokens(output, perCjk, perOther)), reasoned: false);
        }

        foreach (var text in new[] { Size(English, 20, Chinese, 0), Size(English, 0, Chinese, 20), Size(English, 7, Chinese, 13), Size(English, 15, Chinese, 4) })
        {
            var truth = Tokens(text, perCjk, perOther);
            ((double)_estimates.OfOutput(text with { Messages = 0 })).ShouldBeInRange(truth * 0.9, truth * 1.1);
            ((double)_estimates.OfPrompt(text)!.Value - 4).ShouldBeInRange(truth * 0.9, truth * 1.1);
        }
    }

    [Fact]
    public void Wild_report_between_honest_ones_moves_little()
    {
        Teach(40, 1.0, 0.22);
        var text = Size(English, 10, Chinese, 10);
        var before = _estimates.OfOutput(text);

        _estimates.Learn(text, text, Report(1_000_000, 1_000_000), reasoned: false);

        ((double)_estimates.OfOutput(text)).ShouldBeInRange(before * 0.9, before * 1.1);
    }

    [Fact]
    public void Script_that_was_never_seen_keeps_what_the_family_takes()
    {
        var chinese = Size(English, 0, Chinese, 20);
        var family = _estimates.OfOutput(chinese);

        for (var i = 0; i < 60; i++) _estimates.Learn(Size(English, 5, Chinese, 0), Size(English, 5, Chinese, 0), Report(900, 900), reasoned: false);

        ((double)_estimates.OfOutput(chinese)).ShouldBeInRange(family * 0.95, family * 1.05);
    }

    [Fact]
    public void Hidden_reasoning_teaches_nothing_about_the_answer_but_the_prompt_does()
    {
        var text = Size(English, 10, Chinese, 10);
        for (var i = 0; i < 40; i++)
        {
            var report = Report(Tokens(text, 1.3, 0.2) + 4, Tokens(text, 1.3, 0.2));
            report.ReasoningTokens = 5_000;
            _estimates.Learn(text, text, report, reasoned: true);
        }

        var truth = Tokens(text, 1.3, 0.2);
        ((double)_estimates.OfOutput(text)).ShouldBeInRange(truth * 0.9, truth * 1.1);
    }

    [Fact]
    public void Prompt_is_estimated_by_the_caller_until_enough_was_seen()
    {
        var text = Size(English, 10, Chinese, 10);
        _estimates.OfPrompt(text).ShouldBeNull();

        Teach(8, 1, 0.2);

        _estimates.OfPrompt(text).ShouldNotBeNull();
        _estimates.OfPrompt(text with { Images = 1 }).ShouldBeNull();
    }

    private void Teach(int times, double perCjk, double perOther)
    {
        for (var i = 0; i < times; i++)
        {
            var text = Text(i);
            _estimates.Learn(text, text, Report(Tokens(text, perCjk, perOther), Tokens(text, perCjk, perOther)), reasoned: false);
        }
    }

    // English, Chinese and mixed texts of many lengths, one after the other.
    private TextSize Text(int i) => (i % 3) switch
    {
        0 => Size(English, _random.Next(2, 40), Chinese, 0),
        1 => Size(English, 0, Chinese, _random.Next(2, 40)),
        _ => Size(English, _random.Next(1, 20), Chinese, _random.Next(1, 20)),
    };

    private static TextSize Size(string one, int times, string two, int otherTimes)
    {
        var (left, right) = (TextMeasure.Measure(one), TextMeasure.Measure(two));
        return new TextSize(
            (left.Bytes * times) + (right.Bytes * otherTimes),
            (left.CjkCharacters * times) + (right.CjkCharacters * otherTimes),
            (left.OtherCharacters * times) + (right.OtherCharacters * otherTimes),
            Messages: 1);
    }

    // A tokenizer of the given ratios whose counts vary by five percent from text to text.
    private long Tokens(TextSize size, double perCjk, double perOther) =>
        (long)(((size.CjkCharacters * perCjk) + (size.OtherCharacters * perOther)) * (0.975 + (_random.NextDouble() * 0.05)));

    private static Usage Report(long input, long output) => new() { InputTokens = input, OutputTokens = output, Source = UsageSource.Provider };
}
