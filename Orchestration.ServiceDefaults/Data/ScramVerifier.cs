using System.Security.Cryptography;
using System.Text;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>
/// The form in which PostgreSQL keeps a password (RFC 5803). Sent instead of the password itself, which would otherwise
/// stand in the server's statement log.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4_096;

    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
