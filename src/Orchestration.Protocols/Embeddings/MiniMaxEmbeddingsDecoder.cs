using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Embeddings;

/// <summary>Decodes embeddings in MiniMax's own shape: <c>vectors</c> in the order of the texts, errors in <c>base_resp</c> under status 200.</summary>
public static class MiniMaxEmbeddingsDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    /// <param name="body">Body as received.</param>
    /// <param name="expectedCount">Number of texts that were sent.</param>
    /// <param name="dimensions">Length that every vector must have; null when unknown.</param>
    /// <param name="rules">The vendor's own errors.</param>
    public static EmbeddingsResponseDecoding Decode(
        ReadOnlySpan<byte> body,
        int expectedCount,
        int? dimensions = null,
        ProviderErrorRules? rules = null)
    {
        body = JsonText.Repair(ProviderBody.Trim(body));
        var response = new EmbeddingsResponse { Response = new ResponseStarted() };
        var collector = new VectorCollector(expectedCount, dimensions);
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = JsonDocuments.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (OpenAIErrorDecoder.FindInBand(body, rules) is { } told)
                return new EmbeddingsResponseDecoding.Failed(told, response);
            Read(document.RootElement, response, collector);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            collector.Fail("The provider's answer is not valid JSON.");
        }

        if (collector.Failure is null)
            collector.Complete(response.Embeddings);
        return collector.Failure is { } failure
            ? new EmbeddingsResponseDecoding.Failed(failure, response)
            : new EmbeddingsResponseDecoding.Decoded(response);
    }

    private static void Read(JsonElement root, EmbeddingsResponse response, VectorCollector collector)
    {
        if (root.TryGetProperty("total_tokens", out var total) && total.TryGetInt64(out var tokens) && tokens >= 0)
            response.Usage = new Usage { InputTokens = tokens, Source = UsageSource.Provider };
        if (!root.TryGetProperty("vectors", out var vectors) || vectors.ValueKind != JsonValueKind.Array)
            return;
        foreach (var (index, item) in vectors.EnumerateArray().Index())
            collector.Add(index, new Embedding { Values = { item.EnumerateArray().Select(value => value.GetSingle()) } });
    }
}
