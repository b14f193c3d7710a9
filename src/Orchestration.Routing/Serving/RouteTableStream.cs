using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Serving;

/// <summary>Feeds one gateway: the table it lacks at once, later tables as they come, health at most once a second.</summary>
internal sealed class RouteTableStream(RouteTablePublisher publisher, HealthView health, TimeProvider timeProvider)
{
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(string knownVersion, Func<RouteTableUpdate, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var seen = 0L;
        long? lastHealthAt = null;
        try
        {
            while (true)
            {
                var (tableChanged, healthChanged) = (publisher.Changed.Next, health.Changed.Next);
                if (publisher.Current?.Table is { } table)
                {
                    if (table.Version != knownVersion)
                    {
                        await write(new RouteTableUpdate { Table = table }, cancellationToken);
                        // A new table starts healthy on the other side: what is not is told again.
                        (knownVersion, seen) = (table.Version, 0);
                    }

                    if (IsDue(lastHealthAt, out var wait))
                    {
                        (seen, var changes) = health.Since(seen, table.Deployments.ContainsKey);
                        if (changes.Count > 0)
                        {
                            await write(new RouteTableUpdate { Health = new HealthDelta { Deployments = { changes } } }, cancellationToken);
                            lastHealthAt = timeProvider.GetTimestamp();
                        }
                    }
                    else
                    {
                        healthChanged = Task.Delay(wait, timeProvider, cancellationToken);
                    }
                }

                await Task.WhenAny(tableChanged, healthChanged).WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The gateway left, or the host stops.
        }
    }

    private bool IsDue(long? lastAt, out TimeSpan wait)
    {
        wait = lastAt is { } at ? HealthInterval - timeProvider.GetElapsedTime(at) : TimeSpan.Zero;
        return wait <= TimeSpan.Zero;
    }
}
