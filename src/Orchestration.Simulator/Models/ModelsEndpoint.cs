using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Models;

internal static class ModelsEndpoint
{
    private const long Created = 1_750_000_000;

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{vendor}/v1/models", (RequestDelegate)ListAsync);
        routes.MapGet("/{vendor}/models", (RequestDelegate)ListAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        if (await context.RequestServices.GetRequiredService<VendorAccess>().EnterAsync(context) is not { } vendor)
            return;
        var body = Compose(vendor);
        context.Response.ContentType = WireHeaders.Json;
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static ArrayBufferWriter<byte> Compose(Vendor vendor)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, WireJson.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in vendor.Models)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, model.Id);
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, Created);
            json.WriteString("owned_by"u8, vendor.Id);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer;
    }
}
