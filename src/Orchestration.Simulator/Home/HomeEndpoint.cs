namespace Orchestration.Simulator.Home;

internal static class HomeEndpoint
{
    private const string Page =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Simulator</title></head><body><p>" +
        "This is the Orchestration simulator: it answers as model providers would, costs nothing, and nothing that it says is real." +
        "</p></body></html>";

    public static void MapHome(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", () => Results.Content(Page, "text/html; charset=utf-8"));
}
