using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials;

/// <summary>Seals vendors' keys, each bound to its row.</summary>
internal sealed class CredentialEnvelope(SecretEnvelope envelope)
{
    /// <summary>Seals under the master key in use; null when none is configured.</summary>
    public SealedSecret? Seal(RowIdentity row, Secret secret) => envelope.Seal(BindingOf(row), secret);

    /// <summary>The secret of a row; null when the row was altered, moved, or belongs to a master key that is not configured.</summary>
    public Secret? Open(RowIdentity row, SealedSecret sealedSecret) => envelope.Open(BindingOf(row), sealedSecret);

    /// <summary>The fingerprints that a secret has under every known master key.</summary>
    public IReadOnlyList<byte[]> Fingerprints(RowIdentity row, Secret secret) => envelope.Fingerprints(BindingOf(row), secret);

    private static SecretBinding BindingOf(RowIdentity row) => new("orchestration.credential.v1", row.Id, row.Provider, row.Region);
}

/// <summary>What a vendor's key is bound to.</summary>
internal readonly record struct RowIdentity(Guid Id, string Provider, string Region);
