using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Gemini;

/// <summary><c>POST /google/v1beta/models/{model}:{method}</c> and the list of models.</summary>
internal static class GeminiRoutes
{
    private const string Vendor = "google";

    public static void MapGemini(this IEndpointRouteBuilder routes)
    {
        var reception = routes.ServiceProvider.GetRequiredService<Reception>();
        routes.MapPost("/google/v1beta/models/{call}", context => CallAsync(context, reception));
        routes.MapGet("/google/v1beta/models", context => ListAsync(context, reception));
    }

    private static Task CallAsync(HttpContext context, Reception reception)
    {
        var call = (string)context.Request.RouteValues["call"]!;
        // Models have no colon.
        var colon = call.LastIndexOf(':');
        var model = colon < 0 ? call : call[..colon];
        return (colon < 0 ? "" : call[(colon + 1)..]) switch
        {
            "generateContent" => ChatAsync(context, reception, model, false),
            "streamGenerateContent" => ChatAsync(context, reception, model, true),
            "countTokens" => CountAsync(context, reception, model),
            "embedContent" => GeminiEmbeddings.OneAsync(context, reception, model),
            "batchEmbedContents" => GeminiEmbeddings.ManyAsync(context, reception, model),
            _ => Results.NotFound().ExecuteAsync(context),
        };
    }

    private static Task ChatAsync(HttpContext context, Reception reception, string model, bool stream)
    {
        var events = context.Request.Query["alt"] == "sse";
        var dialect = stream && !events ? GeminiDialect.Array : GeminiDialect.Instance;
        return reception.ServeAsync(context, dialect, Vendor, "chat",
            (root, vendor) => GeminiRequestReader.Read(root, vendor, model, stream, events),
            (visit, request) => new DialectAnswer(
                (buffer, exchange) => GeminiJson.WritePlain(buffer, exchange, request),
                (body, exchange) => new GeminiWriter(body, exchange, request)).WriteAsync(visit, request.Chat));
    }

    private static Task CountAsync(HttpContext context, Reception reception, string model) => reception.ServeAsync(
        context, GeminiDialect.Instance, Vendor, "count",
        (root, vendor) => new Asked<Chat.Conversation>(model, false, GeminiRequestReader.Converse(root, vendor, false)),
        (visit, conversation) =>
        {
            var buffer = new ArrayBufferWriter<byte>(64);
            using (var json = new Utf8JsonWriter(buffer, GeminiDialect.Pretty))
            {
                json.WriteStartObject();
                json.WriteNumber("totalTokens"u8, conversation.Tokens);
                json.WriteEndObject();
            }
            return WireAnswer.WriteAsync(visit, buffer);
        });

    private static async Task ListAsync(HttpContext context, Reception reception)
    {
        if (await reception.EnterAsync(context, GeminiDialect.Instance, Vendor) is not { } vendor)
            return;
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, GeminiDialect.Pretty))
            WriteModels(json, vendor);
        context.Response.ContentType = WireHeaders.Json;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static void WriteModels(Utf8JsonWriter json, Vendor vendor)
    {
        json.WriteStartObject();
        json.WriteStartArray("models"u8);
        foreach (var model in vendor.Models)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, "models/" + model.Id);
            json.WriteString("version"u8, "001"u8);
            json.WriteString("displayName"u8, model.Id);
            json.WriteNumber("inputTokenLimit"u8, model.Dimensions is null ? 1_048_576 : 2048);
            json.WriteNumber("outputTokenLimit"u8, model.Dimensions is null ? 65_536 : 1);
            json.WriteStartArray("supportedGenerationMethods"u8);
            foreach (var method in model.Dimensions is null ? new[] { "generateContent", "countTokens" } : ["embedContent", "batchEmbedContents"])
                json.WriteStringValue(method);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
