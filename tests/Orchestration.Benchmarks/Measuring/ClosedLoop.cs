namespace Orchestration.Benchmarks.Measuring;

/// <summary>A number of clients that each send the next request when the last one is answered.</summary>
internal static class ClosedLoop
{
    public static async Task<LoadResult> RunAsync(LoadTarget target, byte[] body, int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var workers = Enumerable.Range(0, clients).Select(_ => Task.Run(WorkAsync, cancellationToken)).ToList();
        var latencies = await Task.WhenAll(workers);
        return new LoadResult(latencies.SelectMany(samples => samples).ToList(), time.GetElapsedTime(start));

        async Task<List<double>> WorkAsync()
        {
            var samples = new List<double>(4096);
            var buffer = new byte[16 * 1024];
            while (time.GetElapsedTime(start) < duration)
            {
                var sent = time.GetTimestamp();
                using var response = await target.SendAsync(body, cancellationToken);
                await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                while (await stream.ReadAsync(buffer, cancellationToken) > 0)
                {
                    // Only the time to the last byte counts.
                }
                samples.Add(time.GetElapsedTime(sent).TotalMilliseconds);
            }
            return samples;
        }
    }
}

/// <param name="Latencies">Milliseconds from sending to the last byte.</param>
/// <param name="Elapsed">How long all of it took.</param>
internal sealed record LoadResult(IReadOnlyList<double> Latencies, TimeSpan Elapsed);
