using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

public sealed class FalseHitBoundTests
{
    // 1 - 0.05^(1/n) for none, and the tables of Clopper and Pearson.
    [Theory]
    [InlineData(0, 10, 0.2589)]
    [InlineData(0, 299, 0.00997)]
    [InlineData(1, 10, 0.3942)]
    [InlineData(5, 100, 0.1023)]
    [InlineData(3, 3, 1)]
    [InlineData(0, 0, 1)]
    public void Upper_bound_is_that_of_the_tables(int falseHits, int hits, double expected) =>
        FalseHitBound.Upper(falseHits, hits).ShouldBe(expected, 0.0001);

    [Theory]
    [InlineData(0, 50, 0)]
    [InlineData(1, 10, 0.0051)]
    [InlineData(5, 100, 0.0199)]
    public void Lower_bound_is_that_of_the_tables(int falseHits, int hits, double expected) =>
        FalseHitBound.Lower(falseHits, hits).ShouldBe(expected, 0.0001);
}
