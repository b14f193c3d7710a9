using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.Gemini;

/// <summary>Gemini's words for the end of a candidate.</summary>
internal static class GeminiFinishReasons
{
    /// <summary>The failure behind a word that is no proper end; null for a proper end.</summary>
    public static Failure? FailureOf(string raw, bool hasContent) => raw switch
    {
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" or "MALFORMED_RESPONSE" =>
            ProviderFailures.Of(FailureClass.ProviderError, "The model made a tool call that cannot be used."),
        "MISSING_THOUGHT_SIGNATURE" => ProviderFailures.Of(FailureClass.ProviderError, "The provider misses the signature of an earlier tool call."),
        "OTHER" or "IMAGE_OTHER" or "NO_IMAGE" when !hasContent => ProviderFailures.Of(FailureClass.ProviderError),
        _ => null,
    };

    public static FinishReason Parse(string raw, bool hasToolCalls) => raw switch
    {
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION"
            or "MODEL_ARMOR" => FinishReason.ContentFilter,
        // Turns of tool calls end with STOP as well.
        _ => hasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop,
    };
}
