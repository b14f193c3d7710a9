namespace Orchestration.Pricing;

/// <summary>Proves that every request of the default service tier has a price at any time of day.</summary>
internal static class TierCoverage
{
    /// <exception cref="InvalidPriceException">Some lengths are left without a price.</exception>
    public static void Check(CompiledTier[] tiers)
    {
        // Conditions change only at their bounds, so trying each bound and its successor tries every case.
        var inputs = tiers.SelectMany(t => new[] { t.InputAbove, t.InputUpTo }).SelectMany(Around).Append(0).Distinct().ToArray();
        var outputs = tiers.SelectMany(t => Around(t.OutputUpTo)).Append(0).Distinct().ToArray();
        foreach (var input in inputs)
            foreach (var output in outputs)
                foreach (var thinking in (ReadOnlySpan<bool>)[false, true])
                    if (!Array.Exists(tiers, t => t.Window is null && t.FitsShape(input, output, thinking, "")))
                        throw new InvalidPriceException("tiers", $"leave a request with {input} input and {output} output tokens without a price");
    }

    private static IEnumerable<long> Around(long bound)
    {
        if (bound >= 0) yield return bound;
        if (bound < long.MaxValue) yield return bound + 1;
    }
}
