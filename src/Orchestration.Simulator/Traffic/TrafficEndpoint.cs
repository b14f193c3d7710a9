using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Traffic;

internal static class TrafficEndpoint
{
    public static void MapTraffic(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/simulator/settings", (TrafficShape traffic) => Results.Ok(new SimulatorSettings { Speed = traffic.Speed }));
        routes.MapPut("/simulator/settings", (TrafficShape traffic, SimulatorSettings settings) =>
        {
            if (settings.Speed is not (>= 0 and <= 1000))
                return Results.BadRequest(new Refusal("speed must be from 0 to 1000"));
            traffic.Speed = settings.Speed.Value;
            return Results.NoContent();
        });
        routes.MapPut("/simulator/shapes/{vendor}/{**model}", Set);
        routes.MapDelete("/simulator/shapes/{vendor}/{**model}", (TrafficShape traffic, string vendor, string model) =>
            traffic.Clear(vendor, model) ? Results.NoContent() : Results.NotFound());
        routes.MapDelete("/simulator/shapes", (TrafficShape traffic) =>
        {
            traffic.Clear();
            return Results.NoContent();
        });
    }

    private static IResult Set(TrafficShape traffic, VendorCatalogue vendors, string vendor, string model, ShapeRequest shape)
    {
        if (vendors.Find(vendor) is not { } known)
            return Results.NotFound(new Refusal($"no vendor '{vendor}' is simulated"));
        if (shape.Variant is not null && !known.Variants.Contains(shape.Variant))
            return Results.BadRequest(new Refusal($"'{vendor}' has no form '{shape.Variant}', only: {string.Join(", ", known.Variants)}"));
        if (shape is { KeepAliveMs: < 0 } or { FirstTokenMs: < 0 } or { TokenMs: < 0 } or { OutputTokens: < 1 or > 200_000 } or { CachedPercent: < 0 or > 100 })
            return Results.BadRequest(new Refusal("a delay is negative, or a length or share is out of range"));
        traffic.Set(vendor, model, shape);
        return Results.NoContent();
    }
}
