using System.Runtime.CompilerServices;
using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Components.Authorization;

namespace Orchestration.Console.Sessions;

/// <summary>Calls to the admin API in the signed-in operator's session.</summary>
internal sealed class AdminSession(AuthenticationStateProvider authentication, EndedSessions ended, TimeProvider time)
{
    public const string SecretClaim = "orchestration:session";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs a call that is answered bit by bit, for as long as it takes.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(Func<CallOptions, AsyncServerStreamingCall<T>> call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var running = call(new CallOptions(HeadersOf(await SecretAsync()), cancellationToken: cancellationToken));
        await foreach (var part in running.ResponseStream.ReadAllAsync(cancellationToken))
            yield return part;
    }

    /// <summary>Runs a call; one that the admin API refuses for its session ends the session here too.</summary>
    public async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        var secret = await SecretAsync();
        try
        {
            return await call(new CallOptions(
                HeadersOf(secret),
                (time.GetUtcNow() + Timeout).UtcDateTime,
                cancellationToken));
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unauthenticated)
        {
            ended.Add(secret);
            throw;
        }
    }

    private async Task<string> SecretAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var secret = state.User.FindFirstValue(SecretClaim) ?? "";
        return ended.Contains(secret) ? throw new RpcException(new Status(StatusCode.Unauthenticated, "The session has ended.")) : secret;
    }

    private static Metadata HeadersOf(string secret) => new() { { "authorization", $"Bearer {secret}" } };
}
