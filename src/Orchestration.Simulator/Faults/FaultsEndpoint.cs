namespace Orchestration.Simulator.Faults;

internal static class FaultsEndpoint
{
    public static void MapFaults(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/simulator/faults", (FaultTable faults) => Results.Ok(faults.List()));
        routes.MapDelete("/simulator/faults", (FaultTable faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        routes.MapPut("/simulator/faults/{vendor}/{**model}", (FaultTable faults, string vendor, string model, FaultRequest request) =>
        {
            if (request.ToFault() is not { } fault || request is { Count: < 1 } or { Status: < 200 or > 599 })
                return Results.BadRequest(new Refusal($"Unknown fault '{request.Kind}' or a number out of range. Known: {FaultNames.All}."));
            faults.Set(vendor, model, request, fault);
            return Results.NoContent();
        });
        routes.MapDelete("/simulator/faults/{vendor}/{**model}", (FaultTable faults, string vendor, string model) =>
            faults.Clear(vendor, model) ? Results.NoContent() : Results.NotFound());
    }
}
