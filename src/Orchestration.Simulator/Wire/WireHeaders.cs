namespace Orchestration.Simulator.Wire;

/// <summary>Headers that stand on every answer, and plain error answers.</summary>
internal static class WireHeaders
{
    public const string Simulated = "x-simulated";

    public const string Json = "application/json";

    public const string PlainText = "text/plain";

    public const string EventStream = "text/event-stream; charset=utf-8";

    public static void Mark(HttpResponse response) => response.Headers[Simulated] = "true";

    public static Task WriteErrorAsync(this HttpContext context, int status, byte[] body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
