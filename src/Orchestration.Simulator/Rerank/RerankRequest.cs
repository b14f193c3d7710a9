using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Rerank;

/// <summary>A request to order documents, whatever its form was.</summary>
/// <param name="Query">What is looked for.</param>
/// <param name="Documents">What is ordered.</param>
/// <param name="TopN">How many are wanted; null for all.</param>
/// <param name="ReturnDocuments">True to send the documents back; null for what the vendor does by itself.</param>
internal sealed record RerankRequest(string Query, IReadOnlyList<string> Documents, int? TopN, bool? ReturnDocuments)
{
    public static Asked<RerankRequest> Read(JsonElement root, int mostDocuments) =>
        new(ModelOf(root), false, Read(root, root, mostDocuments));

    /// <summary>DashScope parts what is asked from how.</summary>
    public static Asked<RerankRequest> ReadNested(JsonElement root, int mostDocuments) =>
        new(ModelOf(root), false, Read(root.Member("input") ?? throw Missing("input"), root.Member("parameters") ?? default, mostDocuments));

    private static string ModelOf(JsonElement root) => root.Text("model") is { Length: > 0 } model ? model : throw Missing("model");

    private static RerankRequest Read(JsonElement input, JsonElement parameters, int mostDocuments)
    {
        if (input.Text("query") is not { Length: > 0 } query)
            throw Missing("query");
        if (input.Member("documents") is not { ValueKind: JsonValueKind.Array } documents || documents.GetArrayLength() == 0)
            throw Missing("documents");
        if (documents.GetArrayLength() > mostDocuments)
            throw new WireRefusalException(new WireProblem($"Too many documents: {documents.GetArrayLength()}, at most {mostDocuments} are allowed.", "documents"));
        if (parameters.Number("top_n") is < 1)
            throw new WireRefusalException(new WireProblem("top_n must be at least 1.", "top_n"));
        return new RerankRequest(query, [.. documents.EnumerateArray().Select(TextOf)], parameters.Number("top_n"), parameters.Flag("return_documents"));
    }

    private static string TextOf(JsonElement document) => document.ValueKind == JsonValueKind.String
        ? document.GetString() ?? ""
        : document.Text("text") ?? throw new WireRefusalException(new WireProblem("documents must be strings or objects with a text.", "documents"));

    private static WireRefusalException Missing(string member) => new(new WireProblem($"Invalid or missing '{member}'.", member));
}
