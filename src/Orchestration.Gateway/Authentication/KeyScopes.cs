namespace Orchestration.Gateway.Authentication;

/// <summary>What a key may be used for. None of them opens the admin API: operators have keys of their own.</summary>
internal static class KeyScopes
{
    public const string Chat = "chat";
    public const string Embeddings = "embeddings";
    public const string Rerank = "rerank";

    /// <summary>Followed by the name of a collection, or by * for every one.</summary>
    public const string Read = "rag.read:";

    /// <summary>Followed by the name of a collection, or by * for every one.</summary>
    public const string Write = "rag.write:";

    /// <summary>Everything that a key can do.</summary>
    public static readonly IReadOnlyList<string> All = [Chat, Embeddings, Rerank, Read + "*", Write + "*"];

    /// <summary>True for a scope that a key may be given.</summary>
    public static bool IsKnown(string scope) => scope is Chat or Embeddings or Rerank || IsOfCollection(scope, Read) || IsOfCollection(scope, Write);

    private static bool IsOfCollection(string scope, string prefix)
    {
        if (!scope.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        var name = scope.AsSpan(prefix.Length);
        return name is "*" || (name.Length is > 0 and <= 64 && !name.ContainsAnyExcept(CollectionNames));
    }

    private static readonly System.Buffers.SearchValues<char> CollectionNames = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}
