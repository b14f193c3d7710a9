using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>The tool that holds answers to a JSON schema at models without structured outputs: its arguments are the answer.</summary>
public static class AnthropicSchemaTool
{
    /// <summary>Name of the tool.</summary>
    public const string Name = "json_answer";

    /// <summary>True when a request is sent with the tool. It is forced, which leaves no room for other tools or for thinking.</summary>
    public static bool AppliesTo(ChatRequest request, AnthropicModelRules rules) =>
        !rules.JsonSchema && request.ResponseFormat is { Kind: ResponseFormatKind.JsonSchema } && request.Tools.Count == 0
        && (rules.Thinking == AnthropicThinking.None || ThinkingPlan.Wish(request) != true);
}
