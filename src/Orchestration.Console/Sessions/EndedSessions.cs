using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Console.Sessions;

/// <summary>
/// Sessions that were signed out or that the admin API no longer takes. The cookie itself stays readable until it expires,
/// and a live page cannot delete it, so it is refused and dropped at the next request.
/// </summary>
internal sealed class EndedSessions(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = [];

    public void Add(string secret)
    {
        var now = time.GetUtcNow();
        foreach (var (hash, endedAt) in _ended)
            if (now - endedAt > ConsoleExtensions.SessionLimit)
                _ended.TryRemove(hash, out _);

        _ended.TryAdd(HashOf(secret), now);
    }

    public bool Contains(string secret) => _ended.ContainsKey(HashOf(secret));

    private static string HashOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
