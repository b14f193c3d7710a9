using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Egress;

/// <summary>The one place where a service opens connections to the outside, and the rule that decides which it may open.</summary>
public sealed class EgressGuard(IOptions<EgressOptions> options, HostNames names)
{
    private readonly HashSet<string> _allowed = new(options.Value.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the options list the host and port of the address: it may then be private and may speak plain http.</summary>
    public bool IsListed(Uri address) => _allowed.Contains(KeyOf(address.IdnHost, address.Port));

    /// <summary>
    /// True when an address may be written to: https, or http where the options list it; no user name in it; and not plainly
    /// the address of a machine inside. What its name resolves to is looked at again with every connection.
    /// </summary>
    public bool Permits(Uri address) =>
        address.IsAbsoluteUri
        && IsHttp(address)
        && address.UserInfo.Length == 0
        && (IsListed(address)
            || address.Scheme == Uri.UriSchemeHttps && (!IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) || PublicAddress.IsPublic(literal)));

    /// <summary>True for http and https.</summary>
    public static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp;

    /// <summary>Connects to the outside: every address that the name resolves to must be public, and one of those is used.</summary>
    /// <exception cref="EgressRefusedException">One of them is not.</exception>
    public ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context, PublicAddress.IsPublic, cancellationToken);

    /// <summary>Connects to this machine only.</summary>
    /// <exception cref="EgressRefusedException">The name resolves to another.</exception>
    public ValueTask<Stream> ConnectLocalAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context, IPAddress.IsLoopback, cancellationToken);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, Func<IPAddress, bool> permitted, CancellationToken cancellationToken)
    {
        var endPoint = context.DnsEndPoint;
        var addresses = await names.ResolveAsync(endPoint.Host.Trim('[', ']'), cancellationToken);
        if (!_allowed.Contains(KeyOf(endPoint.Host, endPoint.Port)) && !Array.TrueForAll(addresses, a => permitted(a)))
            throw new EgressRefusedException();

        return await OpenAsync(addresses, endPoint.Port, cancellationToken);
    }

#pragma warning disable RS0030 // This is the one place where a socket to the outside is made.
    private static async ValueTask<Stream> OpenAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
#pragma warning restore RS0030

    private static string KeyOf(string host, int port) => $"{host.Trim('[', ']')}:{port}";
}

/// <summary>A name resolved to an address that must not be connected to.</summary>
public sealed class EgressRefusedException() : Exception("The address may not be connected to.");
