namespace Orchestration.Contracts.Identity.V1;

/// <summary>Purposes as the ledger, tokens of services and metrics write them.</summary>
public static class PurposeNames
{
    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> All { get; } = ["chat", "embedding", "ingest", "query", "cache", "rerank"];

    /// <summary>The name of a purpose; "chat" for none.</summary>
    public static string Of(Purpose purpose) => purpose switch
    {
        Purpose.Embedding => "embedding",
        Purpose.Ingest => "ingest",
        Purpose.Query => "query",
        Purpose.Cache => "cache",
        Purpose.Rerank => "rerank",
        _ => "chat",
    };

    /// <summary>The purpose of a name; <see cref="Purpose.Unspecified"/> for any other text.</summary>
    public static Purpose Parse(string name) => name switch
    {
        "chat" => Purpose.Chat,
        "embedding" => Purpose.Embedding,
        "ingest" => Purpose.Ingest,
        "query" => Purpose.Query,
        "cache" => Purpose.Cache,
        "rerank" => Purpose.Rerank,
        _ => Purpose.Unspecified,
    };
}
