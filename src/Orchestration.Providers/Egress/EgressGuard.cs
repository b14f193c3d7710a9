using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Egress;

/// <summary>The one place where this process opens connections to the outside, and the rule that decides which it may open.</summary>
internal sealed class EgressGuard(IOptions<EgressOptions> options, HostNames names)
{
    private readonly HashSet<string> _allowed = new(options.Value.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks the address of a deployment before anything is sent; null when it may be used.</summary>
    public Failure? Check(Deployment deployment, VendorProfile profile, out Uri baseAddress)
    {
        var known = Uri.TryCreate(deployment.BaseUrl.TrimEnd('/') + "/", UriKind.Absolute, out var parsed);
        baseAddress = parsed ?? new Uri("about:blank");
        if (!known || baseAddress.UserInfo.Length > 0 || baseAddress.Query.Length > 0) return Refused(deployment);
        if (profile.IsElsewhere(baseAddress.IdnHost, deployment.Region)) return ExecutionFailures.RegionMismatch(deployment.Id);
        if (_allowed.Contains(KeyOf(baseAddress.IdnHost, baseAddress.Port))) return IsHttp(baseAddress) ? null : Refused(deployment);
        if (deployment.Simulated) return IsHttp(baseAddress) && baseAddress.IsLoopback ? null : Refused(deployment);
        if (baseAddress.Scheme != Uri.UriSchemeHttps) return Refused(deployment);
        // A policy is no reason to show a vendor's key to anybody else.
        return profile.AnswersAt(baseAddress) ? null : Refused(deployment);
    }

    /// <summary>Connects for real deployments: every address that the name resolves to must be public, and one of those is used.</summary>
    public ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context, PublicAddress.IsPublic, cancellationToken);

    /// <summary>Connects for simulated deployments: to this machine only.</summary>
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

    private static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp;

    private static string KeyOf(string host, int port) => $"{host.Trim('[', ']')}:{port}";

    private static Failure Refused(Deployment deployment) => new()
    {
        FailureClass = FailureClass.Unavailable,
        Code = "egress_refused",
        Message = $"The address of {deployment.Id} may not be connected to.",
    };
}

/// <summary>A name resolved to an address that must not be connected to.</summary>
internal sealed class EgressRefusedException() : Exception("The address may not be connected to.");
