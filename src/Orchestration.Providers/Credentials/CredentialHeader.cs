using System.Net.Http.Headers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials;

/// <summary>Shows a key to its vendor.</summary>
internal static class CredentialHeader
{
    /// <summary>Adds the key, if there is one, and the headers that the vendor wants with every request.</summary>
    public static void ShowKey(this HttpRequestHeaders headers, VendorProfile profile, Protocol protocol, Secret secret)
    {
        var (key, style) = (secret.Reveal(), profile.AuthorizationFor(protocol));
        if (key.Length > 0) headers.TryAddWithoutValidation(style.Header, style.Scheme.Length == 0 ? key : $"{style.Scheme} {key}");
        foreach (var (name, value) in profile.Headers) headers.TryAddWithoutValidation(name, value);
    }
}
