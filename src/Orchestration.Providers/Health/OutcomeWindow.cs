namespace Orchestration.Providers.Health;

/// <summary>Counts of successes, failures and slow answers over a sliding time, in ten slices.</summary>
internal sealed class OutcomeWindow(TimeSpan length, TimeProvider time)
{
    private const int Slices = 10;
    private readonly Slice[] _slices = new Slice[Slices];
    private readonly long _ticksPerSlice = Math.Max(1, (long)(length.TotalSeconds * time.TimestampFrequency) / Slices);

    public void Add(bool succeeded, bool slow = false)
    {
        var number = Now();
        ref var slice = ref _slices[number % Slices];
        if (slice.Number != number) slice = new Slice { Number = number };
        if (slow) slice.Slow++;
        else if (succeeded) slice.Successes++;
        else slice.Failures++;
    }

    public (int Successes, int Failures, int Slow) Count()
    {
        var oldest = Now() - Slices + 1;
        var (successes, failures, slow) = (0, 0, 0);
        foreach (var slice in _slices)
        {
            if (slice.Number < oldest) continue;
            successes += slice.Successes;
            failures += slice.Failures;
            slow += slice.Slow;
        }

        return (successes, failures, slow);
    }

    public void Clear() => Array.Clear(_slices);

    private long Now() => time.GetTimestamp() / _ticksPerSlice;

    private struct Slice
    {
        public long Number;
        public int Successes;
        public int Failures;
        public int Slow;
    }
}
