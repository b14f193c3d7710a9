using Orchestration.Simulator.Faults;

namespace Orchestration.Simulator.Scripts;

internal static class ScriptsEndpoint
{
    public static void MapScripts(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/simulator/scripts/{vendor}/{**model}", (FaultTable faults, string vendor, string model, StreamScript script) =>
        {
            if (!script.IsValid)
                return Results.BadRequest(new Refusal("A step has text and bytes, or a number is out of range."));
            var count = script.Count ?? 1;
            faults.Set(vendor, model, new FaultRequest { Kind = "script", Count = count }, new Fault(FaultKind.Script) { Script = script });
            return Results.NoContent();
        });
}
