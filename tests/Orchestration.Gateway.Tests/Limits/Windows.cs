namespace Orchestration.Gateway.Tests.Limits;

internal static class Windows
{
    /// <summary>Most that any window of a length held, wherever it begins. The items are in the order of their times.</summary>
    public static long Most(IReadOnlyList<(long At, long Taken)> items, long length)
    {
        long most = 0, inside = 0;
        var oldest = 0;
        foreach (var (at, taken) in items)
        {
            inside += taken;
            while (items[oldest].At <= at - length)
                inside -= items[oldest++].Taken;
            most = Math.Max(most, inside);
        }

        return most;
    }
}
