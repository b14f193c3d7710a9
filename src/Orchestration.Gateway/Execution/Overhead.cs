using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Execution;

/// <summary>The time that a request took apart from its attempts at providers.</summary>
internal static class Overhead
{
    public static double Milliseconds(TimeSpan elapsed, Summary summary)
    {
        if (summary.Attempts.Count == 0)
            return elapsed.TotalMilliseconds;
        var (first, last) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var attempt in summary.Attempts)
        {
            if (attempt.StartedAt is null)
                continue;
            var startedAt = attempt.StartedAt.ToDateTimeOffset();
            var endedAt = startedAt + (attempt.Duration?.ToTimeSpan() ?? TimeSpan.Zero);
            first = startedAt < first ? startedAt : first;
            last = endedAt > last ? endedAt : last;
        }

        return last < first ? elapsed.TotalMilliseconds : Math.Max(0, (elapsed - (last - first)).TotalMilliseconds);
    }
}
