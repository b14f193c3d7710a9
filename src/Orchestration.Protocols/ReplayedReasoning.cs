using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols;

/// <summary>Reasoning of earlier turns that a provider is not shown.</summary>
internal static class ReplayedReasoning
{
    /// <summary>Code of a warning that costs the answer nothing.</summary>
    public const string HarmlessCode = "reasoning_dropped";

    /// <summary>
    /// The warning about a piece that was left out. Many clients send back whatever reasoning they were shown; without a signature and
    /// an origin it could have been no provider's own, so that nothing is lost by it.
    /// </summary>
    public static Warning Dropped(string path, ReasoningPart reasoning, string message) =>
        reasoning.Signature.Length + reasoning.Redacted.Length + reasoning.Origin.Length == 0
            ? TextDropped(path, message)
            : new Warning { Code = "parameter_dropped", Param = path, Message = message };

    /// <summary>The warning where the provider takes no reasoning at all, so that its text would be worth nothing to it.</summary>
    public static Warning TextDropped(string path, string message) => new() { Code = HarmlessCode, Param = path, Message = message };
}
