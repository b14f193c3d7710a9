using Orchestration.Routing.Classification;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Tests.Policy;

namespace Orchestration.Routing.Tests.Classification;

public sealed class GainClassifierTests
{
    private static readonly string[] Prompts =
    [
        "Hi, what is the capital of France?",
        "A train leaves at 9 and travels 120 km at 60 km/h. Another leaves at 10 and travels at 90 km/h. When does the second catch up with the first? Explain each step.",
        "Prove that every bounded sequence of real numbers has a convergent subsequence, and say where the proof uses completeness.",
    ];

    [Fact]
    public void Shipped_model_is_read_and_has_learned_something()
    {
        var model = GainModel.ReadShipped();

        model.ModerateFrom.ShouldBeLessThan(model.ComplexFrom);
        Prompts.Select(prompt => model.Gain(prompt, out _)).Distinct().Count().ShouldBe(Prompts.Length);
        GainModel.Read(model.ToBytes()).ToBytes().ShouldBe(model.ToBytes());
    }

    [Fact]
    public void Gain_allocates_nothing()
    {
        var model = GainModel.ReadShipped();
        var text = string.Join('\n', Enumerable.Repeat(Prompts[1] + " 这是中文。", 10));
        model.Gain(text, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) model.Gain(text, out _);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData("请证明该算法的正确性，推导其时间复杂度。")]
    [InlineData("请把 hello 翻译成中文，并解释它的来源。")]
    public void Chinese_is_left_to_the_default_of_the_route(string text)
    {
        var answer = GainClassifier.Classify(text);

        answer.RequestClass.ShouldBeEmpty();
        answer.Reason.ShouldContain("has not earned trust on Chinese");
        answer.Classifier.ShouldBe("gain-1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?!… 😀")]
    public void Text_without_words_is_left_to_the_default_of_the_route(string text) =>
        GainClassifier.Classify(text).RequestClass.ShouldBeEmpty();

    [Fact]
    public void English_is_classed_with_the_name_of_the_classifier_and_no_word_of_the_prompt()
    {
        foreach (var prompt in Prompts)
        {
            var answer = GainClassifier.Classify(prompt);

            RequestClasses.All.ShouldContain(answer.RequestClass);
            answer.Score.ShouldBeInRange(0, 1);
            answer.Reason.ShouldStartWith("gain-1 expects a stronger model to gain ");
            foreach (var word in (string[])["France", "train", "sequence", "capital"]) answer.Reason.ShouldNotContain(word);
        }
    }

    [Fact]
    public void Model_of_another_form_is_refused() =>
        Should.Throw<InvalidDataException>(() => GainModel.Read(new byte[12]));

    [Fact]
    public void Policy_chooses_the_classifier_and_keywords_are_the_usual_one()
    {
        PolicyReader.Read(PolicySamples.Yaml).Classifier.ShouldBe("keywords");
        PolicyReader.Read(PolicySamples.With("label: sample", "label: sample\nclassifier: gain")).Classifier.ShouldBe("gain");
        var refused = Should.Throw<InvalidPolicyException>(() => PolicyReader.Read(PolicySamples.With("label: sample", "label: sample\nclassifier: oracle")));
        refused.Errors.ShouldContain(error => error.Path == "classifier" && error.Message.Contains("is not one of keywords, gain"));
    }
}
