using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Rerank;

/// <summary>Decodes ranks in every shape that is in use: <c>results</c> at the root or in <c>output</c>, usage in <c>usage</c> or <c>meta</c>.</summary>
public static class RerankResponseDecoder
{
    private const long MostUnits = 1_000_000_000;

    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    /// <param name="body">Body as received.</param>
    /// <param name="documents">Number of documents that were sent.</param>
    /// <param name="top">Number of ranks that were asked for; null means all.</param>
    /// <param name="rules">The vendor's own errors, for errors under a 2xx status.</param>
    public static RerankResponseDecoding Decode(ReadOnlySpan<byte> body, int documents, int? top, ProviderErrorRules? rules = null)
    {
        body = JsonText.Repair(ProviderBody.Trim(body));
        var response = new RerankResponse { Response = new ResponseStarted() };
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = JsonDocuments.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read() || document.RootElement.ValueKind != JsonValueKind.Object)
                return new RerankResponseDecoding.Failed(ProviderFailures.Protocol("The provider's answer is not one JSON object."), response);
            return Read(document.RootElement, response, documents, top) is { } failure
                ? new RerankResponseDecoding.Failed(Results(document.RootElement) is null ? OpenAIErrorDecoder.FindInBand(body, rules) ?? failure : failure, response)
                : new RerankResponseDecoding.Decoded(response);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            response.Results.Clear();
            return new RerankResponseDecoding.Failed(ProviderFailures.Protocol("The provider's answer is not valid JSON."), response);
        }
    }

    private static Failure? Read(JsonElement root, RerankResponse response, int documents, int? top)
    {
        response.Usage = ReadUsage(root);
        response.Response.ReportedModel = Text(root, "model");
        response.Response.ProviderResponseId = Text(root, "id") is { Length: > 0 } id ? id : Text(root, "request_id");
        if (Results(root) is not { } results)
            return ProviderFailures.Protocol("The provider's answer holds no ranks.");

        var ranks = new List<RankedDocument>(results.GetArrayLength());
        var seen = new bool[documents];
        foreach (var item in results.EnumerateArray())
        {
            if (ReadRank(item) is not { } rank)
                return ProviderFailures.Protocol("The provider's answer holds something that is no rank.");
            if (rank.Index < 0 || rank.Index >= documents || seen[rank.Index])
                return ProviderFailures.Protocol("The provider's ranks name a document that was not sent, or one twice.");
            seen[rank.Index] = true;
            ranks.Add(rank);
        }

        var expected = Math.Min(top ?? documents, documents);
        if (ranks.Count < expected)
            return ProviderFailures.Protocol("The provider's ranks are fewer than were asked for.");
        // Some servers rank in the order of the documents, and some do not know top_n.
        response.Results.AddRange(ranks.OrderByDescending(rank => rank.Relevance).Take(expected));
        return null;
    }

    private static JsonElement? Results(JsonElement root) =>
        Find(root, "results", JsonValueKind.Array)
        ?? (Find(root, "output", JsonValueKind.Object) is { } output ? Find(output, "results", JsonValueKind.Array) : null);

    private static RankedDocument? ReadRank(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || Find(item, "index", JsonValueKind.Number) is not { } index || !index.TryGetInt32(out var position)
            || (Find(item, "relevance_score", JsonValueKind.Number) ?? Find(item, "score", JsonValueKind.Number)) is not { } score
            || !score.TryGetDouble(out var relevance) || !double.IsFinite(relevance))
            return null;
        return new RankedDocument { Index = position, Relevance = relevance };
    }

    // What is billed goes before what was counted.
    private static Usage? ReadUsage(JsonElement root)
    {
        if (Find(root, "meta", JsonValueKind.Object) is { } meta)
        {
            if (Find(meta, "billed_units", JsonValueKind.Object) is { } billed && Reported(Count(billed, "input_tokens"), Count(billed, "search_units")) is { } usage)
                return usage;
            if (Find(meta, "tokens", JsonValueKind.Object) is { } tokens && Reported(Count(tokens, "input_tokens"), null) is { } counted)
                return counted;
        }

        return Find(root, "usage", JsonValueKind.Object) is { } counts
            ? Reported(Count(counts, "total_tokens") ?? Count(counts, "prompt_tokens") ?? Count(counts, "input_tokens"), Count(counts, "search_units"))
            : null;
    }

    private static Usage? Reported(long? tokens, long? searchUnits) => tokens is null && searchUnits is null
        ? null
        : new Usage { InputTokens = tokens ?? 0, SearchUnits = searchUnits ?? 0, Source = UsageSource.Provider };

    private static long? Count(JsonElement element, string name) =>
        Find(element, name, JsonValueKind.Number) is { } value && value.TryGetDouble(out var count) && count is >= 0 and <= MostUnits
            ? (long)Math.Ceiling(count)
            : null;

    private static JsonElement? Find(JsonElement element, string name, JsonValueKind kind) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    private static string Text(JsonElement element, string name) => Find(element, name, JsonValueKind.String)?.GetString() ?? "";
}
