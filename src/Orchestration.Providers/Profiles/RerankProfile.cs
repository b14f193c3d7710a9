using Orchestration.Protocols.Rerank;

namespace Orchestration.Providers.Profiles;

/// <summary>Deviations and limits of a vendor's rerank.</summary>
internal sealed record RerankProfile
{
    /// <summary>Shape of requests.</summary>
    public RerankDialect Dialect { get; init; }

    /// <summary>What is appended to the base address; with a slash before it, to the root of the host.</summary>
    public string Path { get; init; } = "rerank";

    /// <summary>Most documents of one request; 0 means as many as a request may have. More are never split: ranks of two calls are no ranking.</summary>
    public int MaxDocuments { get; init; }

    /// <summary>Members that the vendor does not take.</summary>
    public HashSet<string> UnsupportedMembers { get; init; } = [];

    /// <summary>The path from a deployment's base address. The simulator has the root of each vendor under the vendor's name, one step above.</summary>
    public string PathFrom(bool simulated) => simulated && Path.StartsWith('/') ? ".." + Path : Path;

    /// <summary>What is wrong with the section; null when nothing is.</summary>
    public string? Problem() =>
        !Enum.IsDefined(Dialect) ? "rerank.dialect is unknown"
        : Path.Length == 0 || Path.StartsWith("//", StringComparison.Ordinal) || Path.AsSpan().ContainsAnyExcept(PathCharacters) ? "rerank.path must be a path of letters, digits, hyphens and slashes"
        : MaxDocuments < 0 ? "rerank.maxDocuments must not be negative"
        : null;

    private static readonly System.Buffers.SearchValues<char> PathCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/");
}
