using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Responses;

/// <summary>A part of an answer on its way to a client, and where in the response it stands.</summary>
internal sealed class StreamedPart(PartKind kind)
{
    public PartKind Kind => kind;

    /// <summary>The item that the part became or belongs to; null until there is something to show.</summary>
    public ResponseItem? Item { get; set; }

    /// <summary>Place of the item in the answer.</summary>
    public int Place { get; set; }

    /// <summary>The text in its message; null for everything else.</summary>
    public ResponseText? Text { get; set; }

    /// <summary>Place of the text in its message.</summary>
    public int TextPlace { get; set; }

    public bool IsStopped { get; set; }
}
