using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Gemini;

/// <summary>Neighbouring messages of one side: a single content on the wire.</summary>
internal sealed class GeminiTurn(bool isModel)
{
    public bool IsModel => isModel;

    /// <summary>Results of tools, which stand before everything else.</summary>
    public List<TurnPart> Results { get; } = [];

    public List<TurnPart> Parts { get; } = [];

    public IEnumerable<ToolCall> Calls => Parts.Where(part => part.Part.ContentCase == Part.ContentOneofCase.ToolCall).Select(part => part.Part.ToolCall);
}

/// <summary>A part with what must be known of its message.</summary>
/// <param name="Part">The part.</param>
/// <param name="MessageIndex">Index of its message in the request.</param>
/// <param name="Signature">Thought signature to be sent on the part; empty for none.</param>
internal readonly record struct TurnPart(Part Part, int MessageIndex, string Signature = "");
