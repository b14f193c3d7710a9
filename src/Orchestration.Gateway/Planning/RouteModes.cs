namespace Orchestration.Gateway.Planning;

/// <summary>What a route does.</summary>
internal static class RouteModes
{
    public const string Chat = "chat";
    public const string Embedding = "embedding";
    public const string Rerank = "rerank";

    /// <summary>Where requests for a mode are sent.</summary>
    public static string PathOf(string mode) => mode switch
    {
        Embedding => "/v1/embeddings",
        Rerank => "/v1/rerank",
        _ => "/v1/chat/completions",
    };
}
