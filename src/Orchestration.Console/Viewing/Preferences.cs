using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;

namespace Orchestration.Console.Viewing;

/// <summary>Language and theme, which a browser keeps in cookies.</summary>
internal static class Preferences
{
    public const string ThemeCookie = "orchestration-theme";
    public const string English = "en";
    public const string Chinese = "zh-Hans";

    private static readonly string[] Languages = [English, Chinese];
    private static readonly string[] Themes = ["light", "dark"];
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static void AddPreferences(this IServiceCollection services)
    {
        services.AddLocalization(localization => localization.ResourcesPath = "Resources");
        services.Configure<RequestLocalizationOptions>(localization =>
        {
            // Figures and times are written one way in every language.
            localization.SetDefaultCulture(English).AddSupportedCultures(English).AddSupportedUICultures(Languages);
            localization.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });
        services.AddScoped<Viewer>();
    }

    public static void MapPreferences(this WebApplication app) => app.MapGet("/preferences", Keep);

    /// <summary>The theme that was chosen; empty to go with the system's.</summary>
    public static string ThemeOf(HttpContext context) =>
        context.Request.Cookies[ThemeCookie] is { } theme && Themes.Contains(theme) ? theme : "";

    // Only ever back into the console itself.
    private static RedirectHttpResult Keep(HttpContext context, string? language, string? theme, string? back)
    {
        var options = new CookieOptions { MaxAge = Kept, SameSite = SameSiteMode.Strict, HttpOnly = true, IsEssential = true };
        if (Languages.Contains(language))
            context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(English, language!)), options);
        if (Themes.Contains(theme))
            context.Response.Cookies.Append(ThemeCookie, theme!, options);
        else if (theme == "system")
            context.Response.Cookies.Delete(ThemeCookie);
        return TypedResults.LocalRedirect(IsLocal(back) ? back! : "/");
    }

    private static bool IsLocal(string? back) =>
        back is ['/', ..] && !back.StartsWith("//", StringComparison.Ordinal) && !back.Contains('\\', StringComparison.Ordinal) && !back.Any(char.IsControl);
}
