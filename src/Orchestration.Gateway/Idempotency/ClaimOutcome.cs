namespace Orchestration.Gateway.Idempotency;

/// <summary>What becomes of a request with a key.</summary>
internal abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    /// <summary>It is the first, or the one before it came to nothing: it runs.</summary>
    public sealed record Taken : ClaimOutcome;

    /// <summary>Its twin runs.</summary>
    public sealed record Running(Guid ClaimId) : ClaimOutcome;

    /// <summary>Its twin was answered.</summary>
    public sealed record Finished(StoredAnswer Answer) : ClaimOutcome;

    /// <summary>Its twin came to nothing.</summary>
    public sealed record Failed : ClaimOutcome;

    /// <summary>Its twin was answered with what cannot be given again.</summary>
    public sealed record NotKept : ClaimOutcome;

    /// <summary>The key stands for another request.</summary>
    public sealed record OtherRequest : ClaimOutcome;
}

/// <summary>A request with a key, as the database knows it.</summary>
/// <param name="TenantId">Whose.</param>
/// <param name="KeyHash">Hash of the key; what clients use for keys may tell more than it should.</param>
/// <param name="Fingerprint">Hash of the request.</param>
/// <param name="ClaimId">UUIDv7 of this attempt to run it.</param>
internal sealed record Claim(string TenantId, byte[] KeyHash, byte[] Fingerprint, Guid ClaimId);
