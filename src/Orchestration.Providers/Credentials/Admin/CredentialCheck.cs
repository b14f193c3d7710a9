using Orchestration.Providers.Credentials.Storage;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials.Admin;

/// <summary>Proves that every row can be decrypted, and brings rows under the master key in use.</summary>
internal sealed class CredentialCheck(CredentialStore store, CredentialEnvelope envelope, MasterKeys masterKeys)
{
    public int MasterKeyVersion => masterKeys.Current?.Version ?? 0;

    /// <summary>One finding per row, by vendor and region.</summary>
    public async Task<IReadOnlyList<RowFinding>> RunAsync(CancellationToken cancellationToken) =>
    [
        .. (await store.LoadAsync(cancellationToken)).Select(row => new RowFinding(
            row.Id, row.Provider, row.Region, row.KeyVersion, envelope.Open(row.Identity, row.Sealed) is not null, masterKeys.Find(row.KeyVersion) is not null)),
    ];

    /// <summary>Seals every readable row of an earlier master key again.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> ResealAsync(CancellationToken cancellationToken)
    {
        if (masterKeys.Current is not { } current) return 0;
        var resealed = 0;
        foreach (var old in (await store.LoadAsync(cancellationToken)).Where(row => row.KeyVersion != current.Version))
        {
            var changed = await store.ChangeAsync(old.Id, row =>
            {
                if (envelope.Open(row.Identity, row.Sealed) is { } secret && envelope.Seal(row.Identity, secret) is { } again) row.Take(again, secret.LastFour);
            }, cancellationToken);
            if (changed?.KeyVersion == current.Version) resealed++;
        }

        return resealed;
    }
}

/// <summary>What was found of one row.</summary>
/// <param name="Id">Of the key.</param>
/// <param name="Provider">Vendor.</param>
/// <param name="Region">Region.</param>
/// <param name="KeyVersion">Version of the master key that it is under.</param>
/// <param name="Decrypts">True when its secret could be read.</param>
/// <param name="MasterKeyKnown">True when that master key is configured.</param>
internal sealed record RowFinding(Guid Id, string Provider, string Region, int KeyVersion, bool Decrypts, bool MasterKeyKnown);
