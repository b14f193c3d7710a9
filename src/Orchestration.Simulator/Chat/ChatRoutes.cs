using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

internal static class ChatRoutes
{
    private static readonly string[] Paths =
    [
        "/{vendor}/v1/chat/completions",
        "/{vendor}/chat/completions",
        "/{vendor}/beta/chat/completions",
        "/{vendor}/v1/beta/chat/completions",
        "/{vendor}/openai/deployments/{deployment}/chat/completions",
        "/{vendor}/v1/openai/deployments/{deployment}/chat/completions",
        "/{vendor}/openai/v1/chat/completions",
    ];

    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<ChatEndpoint>();
        foreach (var path in Paths)
            routes.MapPost(path, (RequestDelegate)endpoint.HandleAsync);
        foreach (var region in VendorAccess.Regions)
        {
            routes.MapPost($"/{{vendor}}/{region}/v1/chat/completions", context =>
            {
                context.Request.RouteValues[VendorAccess.RegionValue] = region;
                return endpoint.HandleAsync(context);
            });
        }
    }
}
