using Orchestration.Indexing.Semantics;

namespace Orchestration.Indexing.Tests.Semantics;

public sealed class VectorTrialTests
{
    [Fact]
    public void Random_vectors_earn_no_weight()
    {
        var random = new Random(5);
        var trial = VectorTrial.Run([.. SampleTexts.Count(400).Select(text =>
            (text, (ReadOnlyMemory<float>)Enumerable.Range(0, 64).Select(_ => random.NextSingle() - 0.5f).ToArray()))]);

        trial.Weight.ShouldBe(0);
    }

    [Fact]
    public void Space_of_the_texts_themselves_earns_its_weight()
    {
        var texts = SampleTexts.Count(400);
        var space = LatentSpaceFit.Compute(texts, 32, 1000, TestContext.Current.CancellationToken).ShouldNotBeNull();
        var terms = space.Lookup();

        var trial = VectorTrial.Run([.. texts.Select(text => (text, (ReadOnlyMemory<float>)LatentSpace.Place(text, terms, space.Dimensions)!))]);

        trial.Weight.ShouldBe(VectorTrial.EarnedWeight);
        trial.Threshold.ShouldBeGreaterThan(trial.UsualSimilarity);
    }

    [Fact]
    public void Few_chunks_are_not_tried() => VectorTrial.Run([]).ShouldBe(TrialResult.NotYet);
}
