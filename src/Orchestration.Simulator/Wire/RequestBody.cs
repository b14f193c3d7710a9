using System.Text.Json;

namespace Orchestration.Simulator.Wire;

internal static class RequestBody
{
    /// <summary>The body as JSON, or null when it is none.</summary>
    public static async ValueTask<JsonDocument?> ReadJsonAsync(this HttpContext context)
    {
        try
        {
            return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
