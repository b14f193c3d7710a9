using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;

namespace Orchestration.Providers.Execution;

/// <summary>Compares what an untrusted relay reports with what was seen. An estimate is right to about a factor, so only more than that is drift.</summary>
internal static class UsageDrift
{
    private const long Factor = 2;
    private const long Slack = 128;

    /// <summary>True when a report cannot be explained by what went back and forth.</summary>
    public static bool IsFound(Usage reported, long estimatedInput, TextSize output, string model)
    {
        var seen = TextMeasure.EstimateTokens(output, model);
        // Reasoning may be hidden: without it the report must not be above what was seen, with it not below.
        return IsFar(reported.TotalInput(), estimatedInput)
            || IsAbove(reported.OutputTokens, seen)
            || IsAbove(seen, reported.TotalOutput());
    }

    private static bool IsFar(long left, long right) => IsAbove(left, right) || IsAbove(right, left);

    private static bool IsAbove(long count, long other) => count > (Factor * other) + Slack;
}
