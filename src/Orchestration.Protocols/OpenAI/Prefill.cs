using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>The beginning of the answer, given as a last message of the assistant that the model goes on from.</summary>
public static class Prefill
{
    /// <summary>True when a conversation ends in one. A turn that called tools ended, so it is none.</summary>
    public static bool Ends(IReadOnlyList<Message> messages) =>
        messages.Count > 0
        && messages[^1] is { Role: Role.Assistant, Parts.Count: > 0 } last
        && last.Parts[^1].Text is { Text_.Length: > 0 }
        && !last.Parts.Any(part => part.ToolCall is not null);
}
