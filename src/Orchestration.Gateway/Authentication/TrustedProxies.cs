using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Authentication;

internal static class TrustedProxies
{
    /// <summary>Takes the client's address from the proxies that are configured, and from nobody else.</summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app)
    {
        var proxies = app.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.TrustedProxies;
        if (proxies.Count == 0)
            return app;
        // From the right: the first address that is no proxy of ours is the client's, however much it wrote to the left of it.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        return app.UseForwardedHeaders(options);
    }
}
