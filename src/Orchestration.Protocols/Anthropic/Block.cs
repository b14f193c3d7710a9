namespace Orchestration.Protocols.Anthropic;

/// <summary>One block of a turn as it will be written.</summary>
internal abstract record Block
{
    private Block()
    {
    }

    /// <summary>Members that the canonical model does not know, as one JSON object; only <c>cache_control</c> leaves its own protocol.</summary>
    public string Extensions { get; init; } = "";

    /// <summary><c>cache_control</c> that stood on the whole message; empty when none did.</summary>
    public string CacheControl { get; init; } = "";

    /// <summary>True for a block that says nothing by itself.</summary>
    public bool IsBlank => this is Text { Value: var value } && string.IsNullOrWhiteSpace(value);

    internal sealed record Text(string Value) : Block;

    /// <param name="Type">"image" or "document".</param>
    /// <param name="Source">Where it is.</param>
    /// <param name="Title">Name shown to the model; empty for none.</param>
    internal sealed record Media(string Type, MediaSource Source, string Title) : Block;

    /// <param name="Id">Id as it is written.</param>
    /// <param name="Name">Name as it is written.</param>
    /// <param name="Input">Text of a JSON object.</param>
    internal sealed record ToolUse(string Id, string Name, string Input) : Block;

    /// <param name="Id">Id of the call as it is written.</param>
    /// <param name="Content">What came back.</param>
    /// <param name="IsError">True when the tool failed.</param>
    /// <param name="IsPlain">True writes the content as a string.</param>
    internal sealed record ToolResult(string Id, IReadOnlyList<Block> Content, bool IsError, bool IsPlain) : Block;

    internal sealed record Thinking(string Value, string Signature) : Block;

    internal sealed record Redacted(string Data) : Block;

    /// <summary>A block of this protocol that the canonical model does not know.</summary>
    internal sealed record Raw(string Json) : Block;
}

/// <summary>Where a picture or a document is.</summary>
/// <param name="Type">"base64", "url", "text" or "file".</param>
/// <param name="Value">The data, address or id.</param>
/// <param name="MediaType">Media type; empty where the kind of source has none.</param>
internal sealed record MediaSource(string Type, string Value, string MediaType = "");

/// <summary>Blocks of one speaker.</summary>
internal sealed record Turn(bool IsUser, List<Block> Blocks);

/// <summary>A conversation in the form that the protocol wants.</summary>
internal sealed record Conversation(IReadOnlyList<Block> System, IReadOnlyList<Turn> Turns);
