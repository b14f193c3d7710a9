using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.ServiceDefaults.Secrets;

/// <summary>Encrypts a secret under a data key of its own, and the data key under the master key. Both are bound to their row.</summary>
public sealed class SecretEnvelope(MasterKeys keys)
{
    private const int DataKeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Seals under the master key in use; null when none is configured.</summary>
    public SealedSecret? Seal(SecretBinding row, Secret secret)
    {
        if (keys.Current is not { } master) return null;
        Span<byte> dataKey = stackalloc byte[DataKeyLength];
        RandomNumberGenerator.Fill(dataKey);
        try
        {
            var bound = AssociatedData(row, master.Version);
            var (nonce, ciphertext) = Encrypt(dataKey, Encoding.UTF8.GetBytes(secret.Reveal()), bound);
            var (wrapNonce, wrapped) = Encrypt(master.Wrapping, dataKey, bound);
            return new SealedSecret(nonce, ciphertext, [.. wrapNonce, .. wrapped], master.Version, FingerprintOf(master, row, secret));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>The secret of a row; null when the row was altered, moved, or belongs to a master key that is not configured.</summary>
    public Secret? Open(SecretBinding row, SealedSecret sealedSecret)
    {
        if (keys.Find(sealedSecret.KeyVersion) is not { } master || sealedSecret.WrappedKey.Length < NonceLength) return null;
        var bound = AssociatedData(row, sealedSecret.KeyVersion);
        var dataKey = Decrypt(master.Wrapping, sealedSecret.WrappedKey.AsSpan(0, NonceLength), sealedSecret.WrappedKey.AsSpan(NonceLength), bound);
        if (dataKey is not { Length: DataKeyLength }) return null;
        try
        {
            return Decrypt(dataKey, sealedSecret.Nonce, sealedSecret.Ciphertext, bound) is { } clear ? new Secret(Encoding.UTF8.GetString(clear)) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>The fingerprints that a secret has under every known master key.</summary>
    public IReadOnlyList<byte[]> Fingerprints(SecretBinding row, Secret secret) => [.. keys.All.Select(master => FingerprintOf(master, row, secret))];

    private static byte[] FingerprintOf(MasterKeys.DerivedKeys master, SecretBinding row, Secret secret) =>
        HMACSHA256.HashData(master.Fingerprint, Encoding.UTF8.GetBytes(string.Join('\n', [.. row.Parts, secret.Reveal()])));

    private static (byte[] Nonce, byte[] Ciphertext) Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> bound)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var ciphertext = new byte[clear.Length + TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, clear, ciphertext.AsSpan(0, clear.Length), ciphertext.AsSpan(clear.Length), bound);
        return (nonce, ciphertext);
    }

    private static byte[]? Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> bound)
    {
        if (nonce.Length != NonceLength || ciphertext.Length < TagLength) return null;
        var clear = new byte[ciphertext.Length - TagLength];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(nonce, ciphertext[..clear.Length], ciphertext[clear.Length..], clear, bound);
            return clear;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Lengths before texts: no two rows may have the same bytes.
    private static byte[] AssociatedData(SecretBinding row, int keyVersion)
    {
        using var data = new MemoryStream();
        foreach (var part in (byte[][])[Encoding.UTF8.GetBytes(row.Context), row.Id.ToByteArray(bigEndian: true), .. row.Parts.Select(Encoding.UTF8.GetBytes)])
        {
            data.Write(Number(part.Length));
            data.Write(part);
        }

        data.Write(Number(keyVersion));
        return data.ToArray();
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}

/// <summary>What a ciphertext is bound to.</summary>
/// <param name="Context">What kind of row it stands in, with a version: "orchestration.credential.v1".</param>
/// <param name="Id">Id of the row.</param>
/// <param name="Parts">Further members of the row that may not be exchanged; as many for every row of a kind.</param>
public sealed record SecretBinding(string Context, Guid Id, params IReadOnlyList<string> Parts);

/// <summary>A secret as it is stored.</summary>
/// <param name="Nonce">Of the secret's encryption.</param>
/// <param name="Ciphertext">The secret under the data key, with its tag.</param>
/// <param name="WrappedKey">Nonce, data key under the master key, tag.</param>
/// <param name="KeyVersion">Version of the master key.</param>
/// <param name="Fingerprint">Keyed hash by which the same secret is told again.</param>
public sealed record SealedSecret(byte[] Nonce, byte[] Ciphertext, byte[] WrappedKey, int KeyVersion, byte[] Fingerprint);
