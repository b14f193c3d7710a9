using System.Text;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>A part of an answer on its way to a client: what came while it was not its turn, or while its use was unclear.</summary>
internal sealed class StreamedPart(int index, PartKind kind, ToolCall? call)
{
    public int Index => index;

    public PartKind Kind => kind;

    public ToolCall? Call => call;

    public StringBuilder Held { get; } = new(call?.Arguments);

    public string HeldSignature { get; set; } = "";

    /// <summary>Extensions that came with the part and may hold whole blocks.</summary>
    public List<string> HeldExtensions { get; } = [];

    /// <summary>True once its block was begun.</summary>
    public bool HasBlock { get; set; }

    public bool HasText { get; set; }

    public bool IsStopped { get; set; }

    /// <summary>True for a call whose arguments are free text, which this protocol can say as a whole only.</summary>
    public bool IsFreeText => call is { Kind: not ("" or "function") };
}
