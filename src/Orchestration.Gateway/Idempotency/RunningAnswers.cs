using System.Collections.Concurrent;

namespace Orchestration.Gateway.Idempotency;

/// <summary>The answers that this process is writing and that others may follow.</summary>
internal sealed class RunningAnswers
{
    private readonly ConcurrentDictionary<Guid, (Claim Claim, RunningAnswer Answer)> _claimed = new();
    private readonly ConcurrentDictionary<string, RunningAnswer> _retried = new(StringComparer.Ordinal);

    /// <summary>The claims that this process holds.</summary>
    public IReadOnlyCollection<Claim> Claims => [.. _claimed.Values.Select(held => held.Claim)];

    public void Add(Claim claim, RunningAnswer answer) => _claimed[claim.ClaimId] = (claim, answer);

    public void Remove(Claim claim) => _claimed.TryRemove(claim.ClaimId, out _);

    public RunningAnswer? Find(Guid claimId) => _claimed.TryGetValue(claimId, out var held) ? held.Answer : null;

    /// <summary>Lets a request be found by the retries of its SDK. The first of equal ones is.</summary>
    public void Add(byte[] fingerprint, RunningAnswer answer) => _retried.TryAdd(Convert.ToHexString(fingerprint), answer);

    public void Remove(byte[] fingerprint, RunningAnswer answer) => _retried.TryRemove(new KeyValuePair<string, RunningAnswer>(Convert.ToHexString(fingerprint), answer));

    public RunningAnswer? Find(byte[] fingerprint) => _retried.GetValueOrDefault(Convert.ToHexString(fingerprint));
}
