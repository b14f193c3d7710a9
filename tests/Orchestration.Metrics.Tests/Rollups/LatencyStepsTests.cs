using CsCheck;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Tests.Rollups;

public sealed class LatencyStepsTests
{
    [Fact]
    public void Step_tells_its_milliseconds_within_two_percent() =>
        Gen.Double[1, 86_400_000].Sample(milliseconds =>
            Math.Abs(LatencySteps.Middle(LatencySteps.Of(milliseconds)) - milliseconds).ShouldBeLessThanOrEqualTo(milliseconds * 0.0200001));

    [Fact]
    public void Percentile_of_merged_counts_is_within_two_percent_of_the_exact_one() =>
        Gen.Double[1, 100_000].Array[1, 200].Sample(values =>
        {
            var steps = values.GroupBy(LatencySteps.Of).ToDictionary(group => group.Key, group => (long)group.Count());
            var exact = values.Order().ElementAt((int)Math.Ceiling(values.Length * 0.95) - 1);
            LatencySteps.Percentile(steps, 0.95)!.Value.ShouldBeInRange(exact * 0.9799, exact * 1.0201);
        });

    [Fact]
    public void Nothing_has_no_percentile() => LatencySteps.Percentile(new Dictionary<int, long>(), 0.5).ShouldBeNull();
}
