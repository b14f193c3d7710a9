using System.Net.Http.Headers;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Credentials;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Egress;

/// <summary>Small calls to a vendor that are no attempt of anybody's request: balances and verifications.</summary>
internal sealed class VendorCalls(UpstreamClients clients, DeploymentEgress guard)
{
    private const int MaxBytes = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends one request to a vendor's endpoint.</summary>
    /// <param name="profile">The vendor.</param>
    /// <param name="target">Deployment that names the base address.</param>
    /// <param name="path">What is appended to it; from the host's root when it begins with a slash.</param>
    /// <param name="secret">The key to show.</param>
    /// <param name="body">JSON to post; null to get.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<VendorAnswer> SendAsync(
        VendorProfile profile, Deployment target, string path, Secret secret, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        if (guard.Check(target, profile, out var baseAddress) is { } refused) return new VendorAnswer.Failed(refused);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(baseAddress, path));
        if (body is { } content) request.Content = new UpstreamContent(content, static () => { });
        request.Headers.ShowKey(profile, target.Protocol, secret);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await clients.For(target).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            var buffer = new byte[MaxBytes];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, patience.Token);
            return new VendorAnswer.Answered((int)response.StatusCode, buffer.AsMemory(0, length));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return new VendorAnswer.Failed(ExecutionFailures.Unreachable());
        }
    }
}

/// <summary>Outcome of a small call.</summary>
internal abstract record VendorAnswer
{
    private VendorAnswer()
    {
    }

    internal sealed record Answered(int Status, ReadOnlyMemory<byte> Body) : VendorAnswer
    {
        public bool IsSuccess => Status is >= 200 and < 300;
    }

    internal sealed record Failed(Failure Failure) : VendorAnswer;
}
