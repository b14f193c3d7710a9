using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Embeddings;

namespace Orchestration.Simulator.Gemini;

/// <summary><c>:embedContent</c> and <c>:batchEmbedContents</c>: neither reports how much it has read.</summary>
internal static class GeminiEmbeddings
{
    private const int MostRequests = 100;
    private const int FullDimensions = 3072;

    public static Task OneAsync(HttpContext context, Reception reception, string model) => reception.ServeAsync(
        context, GeminiDialect.Instance, "google", "embeddings",
        (root, _) => new Asked<List<Wanted>>(model, false, [Read(root, null)]),
        (visit, wanted) => WriteAsync(visit, json =>
        {
            json.WritePropertyName("embedding"u8);
            WriteValues(json, visit, wanted[0]);
        }));

    public static Task ManyAsync(HttpContext context, Reception reception, string model) => reception.ServeAsync(
        context, GeminiDialect.Instance, "google", "embeddings",
        (root, _) => new Asked<List<Wanted>>(model, false, ReadAll(root, Faults.FaultNames.Split(model).Model)),
        (visit, wanted) => WriteAsync(visit, json =>
        {
            json.WriteStartArray("embeddings"u8);
            foreach (var one in wanted)
                WriteValues(json, visit, one);
            json.WriteEndArray();
        }));

    private static List<Wanted> ReadAll(JsonElement root, string model)
    {
        if (root.Member("requests") is not { ValueKind: JsonValueKind.Array } requests || requests.GetArrayLength() == 0)
            throw new WireRefusalException("* BatchEmbedContentsRequest.requests: requests is not specified\n");
        return requests.GetArrayLength() > MostRequests
            ? throw new WireRefusalException("* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n")
            : [.. requests.EnumerateArray().Select(request => Read(request, model))];
    }

    private static Wanted Read(JsonElement request, string? model)
    {
        if (model is not null && Faults.FaultNames.Split(request.Text("model") ?? "").Model != "models/" + model)
            throw new WireRefusalException("* BatchEmbedContentsRequest.requests.model: model must be the same as in the address\n");
        if (request.Member("content")?.Member("parts") is not { ValueKind: JsonValueKind.Array } parts)
            throw new WireRefusalException("* EmbedContentRequest.content: content is not specified\n");
        var dimensions = request.Number("outputDimensionality") ?? FullDimensions;
        return dimensions is < 1 or > FullDimensions
            ? throw new WireRefusalException("* EmbedContentRequest.output_dimensionality: must be from 1 to 3072\n")
            : new Wanted(string.Concat(parts.EnumerateArray().Select(part => part.Text("text"))), dimensions);
    }

    private static async Task WriteAsync(Visit visit, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, GeminiDialect.Pretty))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        await WireAnswer.WriteAsync(visit, buffer);
    }

    /// <summary>A shorter vector is the beginning of the full one and not of length one.</summary>
    private static void WriteValues(Utf8JsonWriter json, Visit visit, Wanted wanted)
    {
        visit.Entry.InputTokens += Math.Max(1, visit.Vendor.Tokens.Count(wanted.Text));
        json.WriteStartObject();
        json.WriteStartArray("values"u8);
        foreach (var value in TextVector.Of(wanted.Text, FullDimensions).AsSpan(0, wanted.Dimensions))
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Wanted(string Text, int Dimensions);
}
