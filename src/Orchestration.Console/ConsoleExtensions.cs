using MudBlazor.Services;
using Orchestration.Console.Components;
using Orchestration.Console.Security;
using Orchestration.Console.Sessions;
using Orchestration.Console.Viewing;

namespace Orchestration.Console;

internal static class ConsoleExtensions
{
    /// <summary>Longest life of an operator's cookie; the admin API's session may end earlier.</summary>
    public static readonly TimeSpan SessionLimit = TimeSpan.FromHours(12);

    public static WebApplicationBuilder AddConsole(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddSingleton<EndedSessions>();
        builder.Services.AddOperatorCookie();
        builder.Services.AddAuthorizationBuilder().AddPolicy(
            SignInEndpoint.OperatorPolicy, policy => policy.RequireAuthenticatedUser());
        builder.Services.AddAdminApi();
        builder.Services.AddPreferences();
        return builder;
    }

    public static WebApplication MapConsole(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseSameOrigin();
        app.UseRequestLocalization();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapSignIn();
        app.MapPreferences();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode =>
            // The policy of every answer holds frame-ancestors already.
            mode.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
