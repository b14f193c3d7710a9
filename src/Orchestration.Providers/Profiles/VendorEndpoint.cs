using System.Text.Json.Serialization;

namespace Orchestration.Providers.Profiles;

/// <summary>One address of a vendor.</summary>
/// <param name="Region">"cn", "intl" or a finer one of the vendor; empty when the vendor has one address.</param>
/// <param name="BaseUrl">What the path is appended to. A name in braces, as in <c>https://{resource}.example.com</c>, stands for what every account or machine has its own of; such a host must be allowed explicitly.</param>
/// <param name="ApiKeyVariable">Environment variable that holds the key.</param>
/// <param name="Residency">Where the data stays: a country's two letters, "eu", "global" or "local"; empty when unknown.</param>
internal sealed record VendorEndpoint(string Region, string BaseUrl, string ApiKeyVariable, string Residency = "")
{
    /// <summary>The address that every account of the vendor shares; null when it is different for each.</summary>
    [JsonIgnore]
    public Uri? Address { get; } =
        !BaseUrl.Contains('{', StringComparison.Ordinal) && Uri.TryCreate(BaseUrl, UriKind.Absolute, out var address) ? address : null;
}

/// <summary>How a vendor wants to see its key.</summary>
/// <param name="Header">Name of the header.</param>
/// <param name="Scheme">Word before the key; empty for the bare key.</param>
/// <param name="Required">False for a server that may be asked without a key.</param>
internal sealed record AuthorizationStyle(string Header = "Authorization", string Scheme = "Bearer", bool Required = true);
