using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Credentials.Pools;

namespace Orchestration.Providers.Execution;

/// <summary>Makes the calls of one candidate side by side, each with a key of its own: as many at a time as its vendor's keys have places for.</summary>
/// <param name="first">The candidate with the key of the first call.</param>
/// <param name="calls">The calls.</param>
/// <param name="keys">Where the other calls get theirs.</param>
/// <param name="tried">Keys that this request has failed with.</param>
/// <param name="time">The time.</param>
internal sealed class PlainLanes(PreparedCandidate first, IReadOnlyList<PlainCall> calls, KeyPools keys, IReadOnlySet<string> tried, TimeProvider time)
{
    /// <summary>A key that rests longer is waited for no more than a candidate is.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private int _next;
    private int _running;
    private bool _stop;

    /// <summary>Why the rest of the calls was not made; null when all were made, or when one of them failed.</summary>
    public Failure? Refused { get; private set; }

    /// <summary>Makes the calls; after one that is not answered no other begins, but those under way end.</summary>
    /// <param name="parallel">Most calls at a time.</param>
    /// <param name="make">Makes one call; false when no other may follow.</param>
    /// <param name="interrupted">Cancelled when no other call may begin.</param>
    public Task RunAsync(int parallel, Func<PreparedCandidate, PlainCall, Task<bool>> make, CancellationToken interrupted) =>
        Task.WhenAll(Enumerable.Range(0, Math.Min(parallel, calls.Count)).Select(_ => LaneAsync(make, interrupted)));

    private async Task LaneAsync(Func<PreparedCandidate, PlainCall, Task<bool>> make, CancellationToken interrupted)
    {
        while (!interrupted.IsCancellationRequested && Take() is { } turn)
        {
            if (turn.Call is { } call) await MakeAsync(turn.Candidate!, call, make);
            else await Task.Delay(turn.Wait, time, interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MakeAsync(PreparedCandidate candidate, PlainCall call, Func<PreparedCandidate, PlainCall, Task<bool>> make)
    {
        var goesOn = false;
        try
        {
            goesOn = await make(candidate, call);
        }
        finally
        {
            candidate.Key.Dispose();
            lock (_gate)
            {
                _running--;
                _stop |= !goesOn;
            }
        }
    }

    // Null when the lane ends: there is nothing left to do, or the calls under way are all that the keys allow.
    private Turn? Take()
    {
        lock (_gate)
        {
            if (_stop || _next == calls.Count) return null;
            var acquired = _next == 0 ? new KeyAcquisition.Granted(first.Key) : keys.Acquire(first.Deployment, tried);
            if (acquired is KeyAcquisition.Granted granted)
            {
                _running++;
                return new Turn(first with { Key = granted.Lease }, calls[_next++], TimeSpan.Zero);
            }

            if (_running > 0) return null;
            if (acquired is KeyAcquisition.Resting resting && resting.Wait <= LongestWait) return new Turn(null, null, resting.Wait);
            Refused = acquired switch
            {
                KeyAcquisition.Resting longer => ExecutionFailures.AllCooling(longer.Wait),
                KeyAcquisition.Unusable unusable => unusable.Failure,
                _ => ExecutionFailures.Internal(),
            };
            _stop = true;
            return null;
        }
    }

    private sealed record Turn(PreparedCandidate? Candidate, PlainCall? Call, TimeSpan Wait);
}
