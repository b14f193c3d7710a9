using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Egress;

/// <summary>Where this process may connect to.</summary>
public sealed class EgressOptions
{
    public const string SectionName = "Egress";

    /// <summary>
    /// Hosts as "host:port" that may be connected to although they are no vendor's own, and may see what is sent there. They may be private and may speak plain http,
    /// such as a model server or a gateway in the same network.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Hosts with an authority of their own: file of PEM certificates by host name. Such a host is trusted by these alone. There is no
    /// switch that ignores a certificate.
    /// </summary>
    public IDictionary<string, string> CertificateAuthorities { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long a connection may be reused; a changed DNS answer counts after this time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PooledConnectionLifetime { get; set; } = TimeSpan.FromSeconds(60);
}

[OptionsValidator]
public sealed partial class EgressOptionsValidator : IValidateOptions<EgressOptions>;
