using Microsoft.AspNetCore.Http.Features;

namespace Orchestration.Console.Security;

/// <summary>
/// Refuses what another origin makes a browser send with the operator's cookie. SameSite=Strict does not: another port of the
/// same host is the same site, and a web socket opened from there would be a live page in the operator's name.
/// </summary>
internal static class SameOrigin
{
    public static void UseSameOrigin(this WebApplication app) => app.Use((context, next) =>
    {
        if (IsHarmless(context) || IsOwn(context.Request))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    private static bool IsHarmless(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !context.WebSockets.IsWebSocketRequest
        && context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true };

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site])
            return site == "same-origin";

        // Programs other than browsers send neither header, and hold no cookie that somebody else could make them use.
        return request.Headers.Origin.Count == 0
            || (Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin)
                && string.Equals(origin.Authority, new Uri($"{origin.Scheme}://{request.Host}").Authority, StringComparison.OrdinalIgnoreCase));
    }
}
