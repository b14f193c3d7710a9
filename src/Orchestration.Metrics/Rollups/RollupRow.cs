namespace Orchestration.Metrics.Rollups;

/// <summary>What a transaction adds to one row of a rollup; may be negative.</summary>
internal sealed class RollupRow(int counts, int amounts)
{
    public long[] Counts { get; } = new long[counts];

    public decimal[] Amounts { get; } = new decimal[amounts];

    public bool IsNothing => Array.TrueForAll(Counts, count => count == 0) && Array.TrueForAll(Amounts, amount => amount == 0);

    public void Add(int sign, ReadOnlySpan<long> counts, ReadOnlySpan<decimal> amounts)
    {
        for (var index = 0; index < counts.Length; index++)
            Counts[index] += sign * counts[index];
        for (var index = 0; index < amounts.Length; index++)
            Amounts[index] += sign * amounts[index];
    }
}
