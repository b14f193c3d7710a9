using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Authentication;

/// <summary>
/// Counts failed attempts per address, so that a stranger who guesses keys does not ask the database for each of them. Keys that are known
/// are never held up by it: others behind the same address go on.
/// </summary>
internal sealed class FailedAttempts(IOptions<KeyOptions> options, TimeProvider timeProvider)
{
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<UInt128, Attempts> _attempts = new();

    public bool IsTooMany(IPAddress? address) =>
        address is not null && _attempts.TryGetValue(PrefixOf(address), out var attempts) && IsCurrent(attempts) && attempts.Count >= options.Value.FailedAttemptsPerMinute;

    public void Failed(IPAddress? address)
    {
        if (address is null)
            return;
        if (_attempts.Count >= MostAddresses)
            MakeRoom();
        var attempts = _attempts.AddOrUpdate(
            PrefixOf(address),
            static (_, self) => new Attempts(self.Now),
            static (_, current, self) => self.IsCurrent(current) ? current : new Attempts(self.Now),
            this);
        Interlocked.Increment(ref attempts.Count);
    }

    private long Now => timeProvider.GetTimestamp();

    private bool IsCurrent(Attempts attempts) => timeProvider.GetElapsedTime(attempts.Since) < Window;

    private void MakeRoom()
    {
        foreach (var (prefix, attempts) in _attempts)
        {
            if (!IsCurrent(attempts))
                _attempts.TryRemove(prefix, out _);
        }

        if (_attempts.Count >= MostAddresses)
            _attempts.Clear();
    }

    // A customer's network has a whole /64 of addresses to try from.
    private static UInt128 PrefixOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        (address.AddressFamily == AddressFamily.InterNetworkV6 ? address : address.MapToIPv6()).TryWriteBytes(bytes, out _);
        var whole = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 ? whole >> 64 << 64 : whole;
    }

    private sealed class Attempts(long since)
    {
        public readonly long Since = since;
        public int Count;
    }
}
