namespace Orchestration.ServiceDefaults.Hosting;

/// <summary>
/// Threads that a small machine has at once too. Drivers wait in some places for a store that does not answer, above all when a query is given up; with as
/// many threads as processors, two such waits would hold up every request and the liveness of the process.
/// </summary>
internal static class ThreadReserve
{
    private const int Least = 16;

    public static void Ensure()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        if (workers < Least)
            ThreadPool.SetMinThreads(Least, completions);
    }
}
