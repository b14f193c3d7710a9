using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Components.Authorization;

namespace Orchestration.Console.Sessions;

/// <summary>The signed-in operator's session, as call options for the admin API.</summary>
internal sealed class AdminSession(AuthenticationStateProvider authentication, TimeProvider time)
{
    public const string SecretClaim = "orchestration:session";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async Task<CallOptions> CallAsync(CancellationToken cancellationToken)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var secret = state.User.FindFirstValue(SecretClaim) ?? "";
        return new CallOptions(
            new Metadata { { "authorization", $"Bearer {secret}" } },
            (time.GetUtcNow() + Timeout).UtcDateTime,
            cancellationToken);
    }
}
