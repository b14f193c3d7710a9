using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Orchestration.Gateway.Authentication;

namespace Orchestration.Gateway.Idempotency;

/// <summary>
/// Encrypts answers that are kept, under a key of each tenant's own that is derived from the pepper: a copy of a store reads nothing, and
/// no tenant's answer opens as another's.
/// </summary>
internal sealed class AnswerSeal(IOptions<KeyOptions> options)
{
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] _pepper = Encoding.UTF8.GetBytes(options.Value.Pepper);

    /// <summary>A key of a tenant for one purpose.</summary>
    public byte[] KeyOf(string tenantId, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _pepper, KeyLength, info: Encoding.UTF8.GetBytes($"orchestration.{purpose}.v1\n{tenantId}"));

    /// <summary>Nonce, ciphertext and tag.</summary>
    /// <param name="tenantId">Whose it is.</param>
    /// <param name="place">Where it will stand; it opens nowhere else.</param>
    /// <param name="content">What to encrypt.</param>
    public byte[] Seal(string tenantId, string place, ReadOnlySpan<byte> content)
    {
        var sealedContent = new byte[NonceLength + content.Length + TagLength];
        var nonce = sealedContent.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(KeyOf(tenantId, "answers"), TagLength);
        aes.Encrypt(nonce, content, sealedContent.AsSpan(NonceLength, content.Length), sealedContent.AsSpan(NonceLength + content.Length), Encoding.UTF8.GetBytes(place));
        return sealedContent;
    }

    /// <summary>What was sealed; null when it was not sealed for this tenant and place, or under another pepper.</summary>
    public byte[]? Open(string tenantId, string place, ReadOnlySpan<byte> sealedContent)
    {
        if (sealedContent.Length < NonceLength + TagLength)
            return null;
        var content = new byte[sealedContent.Length - NonceLength - TagLength];
        using var aes = new AesGcm(KeyOf(tenantId, "answers"), TagLength);
        try
        {
            aes.Decrypt(
                sealedContent[..NonceLength],
                sealedContent.Slice(NonceLength, content.Length),
                sealedContent[(NonceLength + content.Length)..],
                content,
                Encoding.UTF8.GetBytes(place));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
