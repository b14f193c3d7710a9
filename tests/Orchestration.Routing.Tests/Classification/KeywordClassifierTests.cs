using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Classification;

namespace Orchestration.Routing.Tests.Classification;

public sealed class KeywordClassifierTests
{
    [Theory]
    [InlineData("Hi, what is the capital of France?", "simple")]
    [InlineData("Translate 'good morning' to Spanish.", "simple")]
    [InlineData("你好，请把这句话翻译成英文。", "simple")]
    [InlineData("Compare REST and gRPC and explain why one would choose either.", "moderate")]
    [InlineData("请分析这份报告并比较两种方案的优缺点。", "moderate")]
    [InlineData("Prove that the algorithm terminates, derive its complexity and refactor the code below.", "complex")]
    [InlineData("请证明该算法的正确性，推导其时间复杂度，并给出分布式实现的架构。", "complex")]
    public void Words_decide_in_English_and_Chinese(string text, string expected) =>
        KeywordClassifier.Classify(text, null).RequestClass.ShouldBe(expected);

    [Fact]
    public void Words_are_whole_words() =>
        KeywordClassifier.Classify("improve waterproof underived", null).Score.ShouldBe(KeywordClassifier.Classify("abcdefg hijklmnopq rstuvwxy", null).Score);

    [Fact]
    public void Shape_makes_a_request_harder()
    {
        const string Text = "Please look at this and tell me what you think of it, in a few words, so that I know what comes next.";
        var plain = KeywordClassifier.Classify(Text, new PromptFeatures { OtherCharacters = 100 });
        var heavy = KeywordClassifier.Classify(Text, new PromptFeatures { OtherCharacters = 60_000, ToolCount = 8, MessageCount = 20, JsonSchema = true });

        plain.RequestClass.ShouldBe("simple");
        heavy.RequestClass.ShouldBe("complex");
        heavy.Score.ShouldBeGreaterThan(plain.Score);
    }

    [Fact]
    public void Reason_holds_no_word_of_the_prompt()
    {
        var answer = KeywordClassifier.Classify("Xylophone secret: prove the theorem about zebras.", null);

        answer.Classifier.ShouldBe("keywords-1");
        foreach (var word in (string[])["xylophone", "secret", "theorem", "zebras"]) answer.Reason.ToLowerInvariant().ShouldNotContain(word);
    }

    [Fact]
    public void Score_stays_within_its_bounds()
    {
        KeywordClassifier.Classify("", null).Score.ShouldBeInRange(0, 1);
        KeywordClassifier.Classify(string.Join(' ', Enumerable.Repeat("prove derive analyse design ```\n", 200)), new PromptFeatures { ToolCount = 50, ImageCount = 5, OtherCharacters = 1_000_000 })
            .Score.ShouldBe(1);
    }
}
