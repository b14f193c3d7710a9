using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Orchestration.Console.Sessions;

/// <summary>The cookie that holds an operator's session, encrypted.</summary>
internal static class OperatorCookie
{
    public const string Name = "orchestration-console";

    public static void AddOperatorCookie(this IServiceCollection services) =>
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = Name;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.HttpOnly = true;
            cookie.LoginPath = SignInEndpoint.SignedOutPath;
            cookie.ExpireTimeSpan = ConsoleExtensions.SessionLimit;
            cookie.SlidingExpiration = false;
            cookie.Events.OnValidatePrincipal = DropEndedAsync;
        });

    private static async Task DropEndedAsync(CookieValidatePrincipalContext context)
    {
        var ended = context.HttpContext.RequestServices.GetRequiredService<EndedSessions>();
        if (context.Principal?.FindFirstValue(AdminSession.SecretClaim) is { } secret && !ended.Contains(secret))
            return;

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }
}
