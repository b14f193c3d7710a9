using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Anthropic;

/// <summary><c>POST /anthropic/v1/messages</c>, its token count and its models; and the same under the path of other vendors.</summary>
internal static class AnthropicRoutes
{
    public const string Vendor = "anthropic";
    private const string VersionHeader = "anthropic-version";

    public static void MapAnthropic(this IEndpointRouteBuilder routes)
    {
        var reception = routes.ServiceProvider.GetRequiredService<Reception>();
        var cache = routes.ServiceProvider.GetRequiredService<PromptCache>();
        foreach (var (prefix, vendor) in new[] { ("/anthropic", Vendor), ("/{vendor}/anthropic", null) })
        {
            routes.MapPost($"{prefix}/v1/messages", context => ChatAsync(context, reception, cache, vendor));
            routes.MapPost($"{prefix}/v1/messages/count_tokens", context => CountAsync(context, reception, vendor));
            routes.MapGet($"{prefix}/v1/models", context => ListAsync(context, reception, vendor));
        }
    }

    private static Task ChatAsync(HttpContext context, Reception reception, PromptCache cache, string? vendor) =>
        reception.ServeAsync(context, AnthropicDialect.Instance, vendor, "chat", (root, at) => Read(context, root, at), (visit, request) =>
            new DialectAnswer(
                (buffer, exchange) => AnthropicJson.WritePlain(buffer, exchange, request),
                (body, exchange) => new AnthropicWriter(body, exchange, request))
            {
                Adjust = answer => cache.Apply(answer, visit.Model, request.Cached),
            }.WriteAsync(visit, request.Chat));

    private static Asked<AnthropicRequest> Read(HttpContext context, JsonElement root, Vendor vendor) =>
        context.Request.Headers.ContainsKey(VersionHeader)
            ? AnthropicRequestReader.Read(root, vendor)
            : throw new WireRefusalException($"{VersionHeader}: header is required");

    private static Task CountAsync(HttpContext context, Reception reception, string? vendor) =>
        reception.ServeAsync(context, AnthropicDialect.Instance, vendor, "count", AnthropicRequestReader.ReadForCount, (visit, conversation) =>
        {
            var buffer = new ArrayBufferWriter<byte>(64);
            using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
            {
                json.WriteStartObject();
                json.WriteNumber("input_tokens"u8, conversation.Tokens);
                json.WriteEndObject();
            }
            return WireAnswer.WriteAsync(visit, buffer);
        });

    private static async Task ListAsync(HttpContext context, Reception reception, string? vendorId)
    {
        if (await reception.EnterAsync(context, AnthropicDialect.Instance, vendorId) is not { } vendor)
            return;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
            WriteModels(json, vendor.Models);
        context.Response.ContentType = WireHeaders.Json;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static void WriteModels(Utf8JsonWriter json, IReadOnlyList<ModelRecord> models)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "model"u8);
            json.WriteString("id"u8, model.Id);
            json.WriteString("display_name"u8, model.Id);
            json.WriteString("created_at"u8, "2026-01-01T00:00:00Z"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, false);
        json.WriteString("first_id"u8, models.Count == 0 ? null : models[0].Id);
        json.WriteString("last_id"u8, models.Count == 0 ? null : models[^1].Id);
        json.WriteEndObject();
    }
}
