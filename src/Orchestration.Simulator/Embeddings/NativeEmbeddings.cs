using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Rerank;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Embeddings;

/// <summary>Embeddings that are not OpenAI's: <c>/minimax/v1/embeddings</c> and <c>/cohere/v2/embed</c>.</summary>
internal static class NativeEmbeddings
{
    private const int MostTexts = 96;
    private const int MiniMaxDimensions = 1536;

    private static readonly int[] CohereDimensions = [256, 512, 1024, 1536];

    public static void MapNativeEmbeddings(this IEndpointRouteBuilder routes)
    {
        var reception = routes.ServiceProvider.GetRequiredService<Reception>();
        routes.MapPost("/minimax/v1/embeddings", context => reception.ServeAsync(
            context, MiniMaxDialect.Instance, "minimax", "embeddings", ReadMiniMax, (visit, texts) => WriteAsync(visit, texts, WriteMiniMax)));
        routes.MapPost("/cohere/v2/embed", context => reception.ServeAsync(
            context, new RerankDialect(RerankForm.Cohere), "cohere", "embeddings", ReadCohere, (visit, texts) => WriteAsync(visit, texts, WriteCohere)));
    }

    private static Asked<Texts> ReadMiniMax(JsonElement root, Vendor vendor)
    {
        if (root.Text("type") is not ("db" or "query"))
            throw new WireRefusalException("type must be db or query");
        return new(ModelOf(root), false, new Texts(ReadTexts(root), null));
    }

    private static Asked<Texts> ReadCohere(JsonElement root, Vendor vendor)
    {
        if (root.Text("input_type") is not ("search_document" or "search_query" or "classification" or "clustering"))
            throw new WireRefusalException("invalid request: input_type is required for v3 and later models");
        var dimensions = root.Number("output_dimension");
        if (dimensions is { } wanted && !CohereDimensions.Contains(wanted))
            throw new WireRefusalException("invalid request: output_dimension must be one of 256, 512, 1024, 1536");
        var texts = ReadTexts(root);
        return texts.Count > MostTexts
            ? throw new WireRefusalException($"invalid request: texts cannot have more than {MostTexts} items")
            : new(ModelOf(root), false, new Texts(texts, dimensions));
    }

    private static string ModelOf(JsonElement root) =>
        root.Text("model") is { Length: > 0 } model ? model : throw new WireRefusalException("model is required");

    private static List<string> ReadTexts(JsonElement root) =>
        root.Member("texts") is { ValueKind: JsonValueKind.Array } texts && texts.GetArrayLength() > 0
            ? [.. texts.EnumerateArray().Select(text => text.GetString() ?? "")]
            : throw new WireRefusalException("texts is required");

    private static async Task WriteAsync(Visit visit, Texts texts, Action<Utf8JsonWriter, Visit, Texts> write)
    {
        visit.Entry.InputTokens = texts.Items.Sum(text => Math.Max(1, visit.Vendor.Tokens.Count(text)));
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            write(json, visit, texts);
            json.WriteEndObject();
        }
        await WireAnswer.WriteAsync(visit, buffer);
    }

    private static void WriteMiniMax(Utf8JsonWriter json, Visit visit, Texts texts)
    {
        json.WritePropertyName("vectors"u8);
        WriteVectors(json, texts.Items, visit.Vendor.Find(visit.Model)?.Dimensions ?? MiniMaxDimensions);
        if (visit.Fault?.Kind != FaultKind.NoUsage)
            json.WriteNumber("total_tokens"u8, visit.Entry.InputTokens);
        MiniMaxDialect.WriteStatus(json, 0, "success");
    }

    private static void WriteCohere(Utf8JsonWriter json, Visit visit, Texts texts)
    {
        json.WriteString("id"u8, visit.Entry.Id);
        json.WriteStartObject("embeddings"u8);
        json.WritePropertyName("float"u8);
        WriteVectors(json, texts.Items, texts.Dimensions ?? visit.Vendor.Find(visit.Model)?.Dimensions ?? CohereDimensions[^1]);
        json.WriteEndObject();
        json.WriteStartArray("texts"u8);
        foreach (var text in texts.Items)
            json.WriteStringValue(text);
        json.WriteEndArray();
        if (visit.Fault?.Kind == FaultKind.NoUsage)
            return;
        json.WriteStartObject("meta"u8);
        json.WriteStartObject("api_version"u8);
        json.WriteString("version"u8, "2"u8);
        json.WriteEndObject();
        json.WriteStartObject("billed_units"u8);
        json.WriteNumber("input_tokens"u8, visit.Entry.InputTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteVectors(Utf8JsonWriter json, IReadOnlyList<string> texts, int dimensions)
    {
        json.WriteStartArray();
        foreach (var text in texts)
        {
            json.WriteStartArray();
            foreach (var value in TextVector.Of(text, dimensions))
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private sealed record Texts(IReadOnlyList<string> Items, int? Dimensions);
}
