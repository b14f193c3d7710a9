using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Keys;

internal static class KeysEndpoint
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/simulator/keys/{vendor}", (KeyDesk keys, string vendor) => Results.Ok(keys.List(vendor)));
        routes.MapPut("/simulator/keys/{vendor}/{**key}", (KeyDesk keys, VendorCatalogue vendors, string vendor, string key, VendorKey known) =>
        {
            if (vendors.Find(vendor) is null)
                return Results.NotFound(new Refusal($"no vendor '{vendor}' is simulated"));
            keys.Set(vendor, key, known);
            return Results.NoContent();
        });
        routes.MapDelete("/simulator/keys/{vendor}/{**key}", (KeyDesk keys, string vendor, string key) =>
            keys.Remove(vendor, key) ? Results.NoContent() : Results.NotFound());
        routes.MapDelete("/simulator/keys", (KeyDesk keys) =>
        {
            keys.Clear();
            return Results.NoContent();
        });
        routes.MapPut("/simulator/key-rules/{vendor}", (KeyDesk keys, string vendor, KeyRule rule) =>
        {
            keys.SetRule(vendor, rule);
            return Results.NoContent();
        });
    }
}
