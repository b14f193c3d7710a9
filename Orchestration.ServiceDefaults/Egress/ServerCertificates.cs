using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Egress;

/// <summary>
/// Decides whether a server is who it says. The system's authorities hold for everybody; a host with an authority of its own in the
/// options is trusted by that one alone. Nothing switches the check off.
/// </summary>
public sealed class ServerCertificates
{
    private readonly Dictionary<string, X509Certificate2Collection> _authorities = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate.</exception>
    public ServerCertificates(IOptions<EgressOptions> options)
    {
        foreach (var (host, path) in options.Value.CertificateAuthorities)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            if (authorities.Count == 0) throw new InvalidDataException($"Egress:CertificateAuthorities:{host}: {path} holds no certificate.");
            _authorities[host] = authorities;
        }
    }

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        var host = sender is SslStream stream ? stream.TargetHostName : "";
        if (!_authorities.TryGetValue(host, out var authorities)) return errors == SslPolicyErrors.None;
        return errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors
            && certificate is X509Certificate2 leaf
            && IsSignedBy(authorities, leaf, presented);
    }

    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 leaf, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        // A private authority seldom publishes whom it revoked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
            foreach (var element in presented.ChainElements)
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf);
    }
}
