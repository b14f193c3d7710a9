namespace Orchestration.Benchmarks.Micro;

/// <summary>Times one small operation: warm up, then whole batches until enough time has passed; the best batch counts.</summary>
internal static class MicroLoop
{
    private const int Batches = 12;
    // On a busy machine the compiler that runs beside takes its time.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    /// <param name="name">What is timed.</param>
    /// <param name="operations">Operations that one call does.</param>
    /// <param name="work">The call.</param>
    /// <param name="wireBytes">Bytes of the wire that one call reads or writes; 0 where none are.</param>
    public static MicroFigure Run(string name, int operations, Action work, int wireBytes = 0)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var calls = 0;
        for (; time.GetElapsedTime(start) < WarmUp; calls++)
            work();
        var batch = Math.Max(1, (int)(calls * (BatchTime / WarmUp)));
        var best = double.MaxValue;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Batches; i++)
        {
            start = time.GetTimestamp();
            for (var call = 0; call < batch; call++)
                work();
            best = Math.Min(best, time.GetElapsedTime(start).TotalNanoseconds / batch / operations);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new MicroFigure(name, best, (double)allocated / Batches / batch / operations, (double)wireBytes / operations);
    }
}

/// <param name="Name">What was timed.</param>
/// <param name="Nanoseconds">Of one operation.</param>
/// <param name="Bytes">Allocated by one operation.</param>
/// <param name="WireBytes">Read or written by one operation; 0 where none are.</param>
internal sealed record MicroFigure(string Name, double Nanoseconds, double Bytes, double WireBytes = 0)
{
    public double MegabytesPerSecond => WireBytes > 0 ? WireBytes * 1_000 / Nanoseconds : double.NaN;
}
