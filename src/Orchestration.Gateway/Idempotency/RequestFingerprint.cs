using System.Security.Cryptography;
using System.Text;
using Orchestration.Gateway.Authentication;

namespace Orchestration.Gateway.Idempotency;

/// <summary>What must be equal for two requests to be one: API key, path and the body's bytes.</summary>
internal static class RequestFingerprint
{
    public static byte[] Of(Caller caller, PathString path, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // None of the parts can hold a line feed.
        hash.AppendData(Encoding.UTF8.GetBytes($"{caller.TenantId}\n{caller.ProjectId}\n{caller.KeyId}\n{path.ToUriComponent()}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
