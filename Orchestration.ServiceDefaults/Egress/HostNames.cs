using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orchestration.ServiceDefaults.Egress;

/// <summary>
/// Resolves the names of hosts outside. A name that does not resolve is not asked for again for five seconds: a resolver in trouble is not
/// helped by every request asking it. What does resolve is not kept, because a pooled connection outlives its name only briefly.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="resolver">Who is asked; the system's resolver when null.</param>
public sealed class HostNames(TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolver = null)
{
    private const int MostFailures = 1024;
    private static readonly TimeSpan FailureHolds = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (long At, SocketError Error)> _failures = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="SocketException">The name does not resolve.</exception>
    public ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        ResolveAsync(host, resolver ?? Dns.GetHostAddressesAsync, cancellationToken);

    public async ValueTask<IPAddress[]> ResolveAsync(string host, Func<string, CancellationToken, Task<IPAddress[]>> asked, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        if (_failures.TryGetValue(host, out var failure))
        {
            if (time.GetElapsedTime(failure.At) < FailureHolds) throw new SocketException((int)failure.Error);
            _failures.TryRemove(host, out _);
        }

        try
        {
            var addresses = await asked(host, cancellationToken);
            return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException exception)
        {
            if (_failures.Count >= MostFailures) _failures.Clear();
            _failures[host] = (time.GetTimestamp(), exception.SocketErrorCode);
            throw;
        }
    }
}
