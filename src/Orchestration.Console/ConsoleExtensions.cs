using Microsoft.AspNetCore.Authentication.Cookies;
using MudBlazor.Services;
using Orchestration.Console.Components;
using Orchestration.Console.Sessions;

namespace Orchestration.Console;

internal static class ConsoleExtensions
{
    public static WebApplicationBuilder AddConsole(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "orchestration-console";
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.HttpOnly = true;
            cookie.LoginPath = SignInEndpoint.SignedOutPath;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.SlidingExpiration = false;
        });
        builder.Services.AddAuthorizationBuilder().AddPolicy(
            SignInEndpoint.OperatorPolicy, policy => policy.RequireAuthenticatedUser());
        builder.Services.AddAdminApi();
        return builder;
    }

    public static WebApplication MapConsole(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapSignIn();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
