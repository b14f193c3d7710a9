using System.Net.Http.Headers;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Credentials;

/// <summary>Shows a key to its vendor.</summary>
internal static class CredentialHeader
{
    /// <summary>Adds the header; nothing for a server that needs no key.</summary>
    public static void ShowKey(this HttpRequestHeaders headers, AuthorizationStyle style, Secret secret)
    {
        var key = secret.Reveal();
        if (key.Length > 0) headers.TryAddWithoutValidation(style.Header, style.Scheme.Length == 0 ? key : $"{style.Scheme} {key}");
    }
}
