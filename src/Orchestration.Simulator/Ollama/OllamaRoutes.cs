using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Embeddings;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Ollama;

/// <summary><c>/ollama/api/chat</c>, <c>/api/embed</c>, <c>/api/tags</c> and <c>/api/version</c>.</summary>
internal static class OllamaRoutes
{
    private const string Vendor = "ollama";
    private const int DefaultDimensions = 768;

    public static void MapOllama(this IEndpointRouteBuilder routes)
    {
        var reception = routes.ServiceProvider.GetRequiredService<Reception>();
        routes.MapPost("/ollama/api/chat", context => reception.ServeAsync(
            context, OllamaDialect.Instance, Vendor, "chat", OllamaRequestReader.Read, static (visit, request) =>
                new DialectAnswer(OllamaLine.WritePlain, static (body, exchange) => new OllamaWriter(body, exchange)).WriteAsync(visit, request)));
        routes.MapPost("/ollama/api/embed", context => reception.ServeAsync(
            context, OllamaDialect.Instance, Vendor, "embeddings", ReadInputs, EmbedAsync));
        routes.MapGet("/ollama/api/tags", context => ListAsync(context, reception));
        routes.MapGet("/ollama/api/version", () => Results.Text("{\"version\":\"0.12.6\"}", WireHeaders.Json));
    }

    private static Asked<IReadOnlyList<string>> ReadInputs(JsonElement root, Vendor vendor)
    {
        var model = root.Text("model") ?? throw new WireRefusalException("model is required");
        var input = root.Member("input") ?? default;
        return new(model, false, input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString() ?? ""],
            JsonValueKind.Array => [.. input.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new WireRefusalException("invalid input type"))],
            JsonValueKind.Undefined => [],
            _ => throw new WireRefusalException("invalid input type"),
        });
    }

    private static Task EmbedAsync(Visit visit, IReadOnlyList<string> inputs)
    {
        var dimensions = visit.Vendor.Find(visit.Model)?.Dimensions ?? DefaultDimensions;
        visit.Entry.InputTokens = inputs.Sum(input => visit.Vendor.Tokens.Count(input));
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, visit.Model);
            json.WriteStartArray("embeddings"u8);
            foreach (var input in inputs)
            {
                json.WriteStartArray();
                foreach (var value in TextVector.Of(input, dimensions))
                    json.WriteNumberValue(value);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            OllamaLine.WriteEmbeddingEnd(json, visit.Shape, visit.Entry.InputTokens);
            json.WriteEndObject();
        }
        return WireAnswer.WriteAsync(visit, buffer);
    }

    private static async Task ListAsync(HttpContext context, Reception reception)
    {
        if (await reception.EnterAsync(context, OllamaDialect.Instance, Vendor) is not { } vendor)
            return;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("models"u8);
            foreach (var model in vendor.Models)
                WriteModel(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        context.Response.ContentType = WireHeaders.Json;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static void WriteModel(Utf8JsonWriter json, ModelRecord model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Id);
        json.WriteString("model"u8, model.Id);
        json.WriteString("modified_at"u8, "2026-01-01T00:00:00Z"u8);
        json.WriteNumber("size"u8, 2_019_393_189);
        json.WriteStartObject("details"u8);
        json.WriteString("format"u8, "gguf"u8);
        json.WriteString("family"u8, model.Id.Split(':')[0]);
        json.WriteString("quantization_level"u8, "Q4_K_M"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
