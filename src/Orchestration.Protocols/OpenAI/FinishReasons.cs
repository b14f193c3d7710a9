using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>The words of OpenAI-compatible providers for the end of a choice.</summary>
internal static class FinishReasons
{
    /// <summary>The failure behind a word that is no proper end; null for a proper end.</summary>
    public static Failure? FailureOf(string raw) => raw switch
    {
        "insufficient_system_resource" or "network_error" or "engine_overloaded" =>
            ProviderFailures.Of(FailureClass.ProviderOverloaded),
        "error" or "failed" or "abort" or "aborted" or "cancelled" => ProviderFailures.Of(FailureClass.ProviderError),
        _ => null,
    };

    public static FinishReason Parse(string raw, bool hasToolCalls) => raw switch
    {
        "length" or "max_tokens" or "model_length" or "max_output_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "content_filter" or "sensitive" or "safety" or "refusal" or "violation" or "content_filtered" => FinishReason.ContentFilter,
        "tool_calls" or "function_call" or "tool_use" => FinishReason.ToolCalls,
        // Some providers end a turn of tool calls with "stop".
        _ => hasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    public static string Name(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        _ => "stop",
    };
}
