using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestration.Contracts.Admin.V1;

namespace Orchestration.Console.Sessions;

/// <summary>Exchanges the token of the printed link for an operator session that lives in an encrypted cookie.</summary>
internal static class SignInEndpoint
{
    public const string SignedOutPath = "/signed-out";
    public const string OperatorPolicy = "operator";

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet("/signin", SignInAsync);
        app.MapPost("/signout", (Delegate)SignOutAsync).RequireAuthorization(OperatorPolicy);
    }

    private static async Task<RedirectHttpResult> SignInAsync(
        string? token, HttpContext context, SessionService.SessionServiceClient sessions, TimeProvider time)
    {
        // The address holds the token: it must neither be kept nor be told to the next page.
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            var session = await sessions.SignInAsync(
                new SignInRequest { Token = token ?? "" },
                deadline: (time.GetUtcNow() + TimeSpan.FromSeconds(10)).UtcDateTime,
                cancellationToken: context.RequestAborted);
            var identity = new ClaimsIdentity(
                [new Claim(ClaimTypes.Name, "operator"), new Claim(AdminSession.SecretClaim, session.Secret)],
                CookieAuthenticationDefaults.AuthenticationScheme);
            await context.SignInAsync(
                new ClaimsPrincipal(identity),
                new AuthenticationProperties { ExpiresUtc = session.ExpiresAt.ToDateTimeOffset(), IsPersistent = true });
            return TypedResults.LocalRedirect("/");
        }
        catch (RpcException exception)
        {
            var reason = exception.StatusCode == StatusCode.Unauthenticated ? "link" : "unavailable";
            return TypedResults.LocalRedirect($"{SignedOutPath}?reason={reason}");
        }
    }

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, EndedSessions ended)
    {
        if (context.User.FindFirstValue(AdminSession.SecretClaim) is { } secret)
            ended.Add(secret);

        await context.SignOutAsync();
        return TypedResults.LocalRedirect(SignedOutPath);
    }
}
