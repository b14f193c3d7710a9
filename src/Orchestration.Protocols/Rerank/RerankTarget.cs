namespace Orchestration.Protocols.Rerank;

/// <summary>What a rerank request is written for.</summary>
public sealed record RerankTarget
{
    /// <summary>Model name that the provider is asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Shape of the body.</summary>
    public RerankDialect Dialect { get; init; }

    /// <summary>Members that the vendor does not take.</summary>
    public IReadOnlySet<string> UnsupportedMembers { get; init; } = new HashSet<string>();
}

/// <summary>The shapes of rerank requests that vendors use. Their answers differ only in where things stand.</summary>
public enum RerankDialect
{
    /// <summary>Jina, SiliconFlow, Zhipu, Baidu, vLLM, llama.cpp: everything beside each other.</summary>
    Jina,

    /// <summary>Cohere v2: as Jina, but texts are never returned.</summary>
    Cohere,

    /// <summary>DashScope's own protocol: <c>input</c> and <c>parameters</c>, the answer in <c>output</c>.</summary>
    DashScope,
}
