using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.ServiceDefaults.Egress;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

/// <summary>A service whose resolver and whose authority for "localhost" are the test's own.</summary>
public sealed class ConnectFaultsFixture : FaultsFixture
{
    private readonly string _authorities = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<IPAddress[]>>> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _asked = new();

    internal TlsUpstream Trusted { get; } = new();

    internal TlsUpstream Expired { get; } = new(expired: true);

    internal TlsUpstream WrongName { get; } = new("elsewhere.example");

    /// <summary>The same port on another address of this machine.</summary>
    public ScriptedUpstream? Moved { get; private set; }

    /// <summary>Makes a name resolve so; the name may be connected to.</summary>
    public string Name(string host, Func<CancellationToken, Task<IPAddress[]>> answer)
    {
        _names[host] = answer;
        return $"http://{host}:{Upstream.Port}/{host}/v1";
    }

    public int Asked(string host) => _asked.Count(h => h == host);

    protected override async ValueTask PrepareAsync()
    {
        Moved = new ScriptedUpstream(IPAddress.Parse("127.0.0.2"), Upstream.Port);
        await File.WriteAllTextAsync(_authorities, string.Join('\n', Trusted.AuthorityPem, Expired.AuthorityPem, WrongName.AuthorityPem), TestContext.Current.CancellationToken);
        string[] names = ["nothing.invalid", "servfail.test", "gone.test", "slow.test", "moving.test"];
        foreach (var (i, name) in names.Index()) Service.Settings[$"Egress:AllowedHosts:{i + 1}"] = $"{name}:{Upstream.Port}";
        Service.Settings["Egress:CertificateAuthorities:localhost"] = _authorities;
        Service.Settings["Egress:PooledConnectionLifetime"] = "00:00:01";
        Service.Change = services => services.AddSingleton(p => new HostNames(p.GetRequiredService<TimeProvider>(), ResolveAsync));
    }

    protected override async ValueTask CleanAsync()
    {
        foreach (var upstream in new[] { Trusted, Expired, WrongName }) await upstream.DisposeAsync();
        await Moved!.DisposeAsync();
        File.Delete(_authorities);
    }

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        _asked.Enqueue(host);
        return _names.TryGetValue(host, out var answer) ? answer(cancellationToken) : Dns.GetHostAddressesAsync(host, cancellationToken);
    }
}
