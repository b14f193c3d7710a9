using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>How a request's wish for reasoning is said to a model.</summary>
/// <param name="Type">"enabled", "adaptive", "disabled", or empty when nothing is said.</param>
/// <param name="Budget">Tokens for "enabled".</param>
/// <param name="Effort"><c>output_config.effort</c>; empty when nothing is said.</param>
internal sealed record ThinkingPlan(string Type, int Budget = 0, string Effort = "")
{
    private const int LeastBudget = 1_024;

    private static readonly ThinkingPlan Silent = new("");

    public bool IsOn => Type is "enabled" or "adaptive";

    /// <summary>True or false when the request asks for reasoning or for none; null when it says nothing.</summary>
    public static bool? Wish(ChatRequest request) => request.Reasoning switch
    {
        null => null,
        { HasEnabled: true } reasoning => reasoning.Enabled,
        { Effort: "none" } => false,
        { HasBudgetTokens: true } reasoning => reasoning.BudgetTokens > 0,
        // In this protocol an effort alone says nothing about thinking.
        { Effort.Length: > 0 } => request.Protocol == Protocol.AnthropicMessages ? null : true,
        _ => null,
    };

    public static ThinkingPlan Of(EncodingContext context)
    {
        var reasoning = context.Request.Reasoning;
        var wish = Wish(context.Request);
        var effort = reasoning is { Effort: not ("" or "none") } && context.Rules.Effort ? EffortOf(reasoning, context) : "";
        if (wish == true && context.Rules.Thinking == AnthropicThinking.None)
        {
            context.Dropped("reasoning", "The model does not think.");
            return Silent with { Effort = effort };
        }

        return wish switch
        {
            null when reasoning is { Effort.Length: > 0 } && effort.Length == 0 => Lost(context),
            null => Silent with { Effort = effort },
            false => new ThinkingPlan(context.Rules.Thinking == AnthropicThinking.None ? "" : "disabled", Effort: effort),
            _ when context.Rules.Thinking == AnthropicThinking.Adaptive => Adaptive(reasoning!, effort, context),
            _ => WithBudget(reasoning!, effort, context),
        };
    }

    private static ThinkingPlan Lost(EncodingContext context)
    {
        context.Dropped("reasoning_effort", "The model knows no effort.");
        return Silent;
    }

    private static ThinkingPlan Adaptive(Reasoning reasoning, string effort, EncodingContext context)
    {
        if (!reasoning.HasBudgetTokens)
            return new ThinkingPlan("adaptive", Effort: effort);

        var stands = effort.Length == 0 && context.Rules.Effort
            ? reasoning.BudgetTokens switch { <= 4_096 => "low", <= 12_288 => "medium", <= 24_576 => "high", _ => "xhigh" }
            : effort;
        context.Changed("budget_tokens", "The model takes no budget for thinking; it was said as an effort.");
        return new ThinkingPlan("adaptive", Effort: stands);
    }

    // max_tokens includes thinking and is the caller's own bound, so the budget bends to it and never the other way round.
    private static ThinkingPlan WithBudget(Reasoning reasoning, string effort, EncodingContext context)
    {
        if (context.MaxTokens <= LeastBudget)
        {
            context.Dropped("reasoning", $"Thinking takes a budget of {LeastBudget} tokens at least, and an output limit above it.");
            return Silent with { Effort = effort };
        }

        if (!reasoning.HasBudgetTokens)
            return new ThinkingPlan("enabled", Math.Max(LeastBudget, Math.Min(BudgetOf(reasoning.Effort), (int)(context.MaxTokens * 0.8))), effort);

        var budget = Math.Min(Math.Max(LeastBudget, reasoning.BudgetTokens), context.MaxTokens - 1);
        if (budget != reasoning.BudgetTokens)
            context.Clamped("budget_tokens", $"The budget for thinking must be {LeastBudget} tokens or more and below the output limit; {budget} were sent.");
        return new ThinkingPlan("enabled", budget, effort);
    }

    private static int BudgetOf(string effort) => effort switch
    {
        "minimal" => 1_024,
        "low" => 2_048,
        "high" => 16_384,
        "xhigh" or "max" => 32_768,
        _ => 8_192,
    };

    private static string EffortOf(Reasoning reasoning, EncodingContext context)
    {
        if (reasoning.Effort is "low" or "medium" or "high" or "xhigh" or "max")
            return reasoning.Effort;
        context.Changed("reasoning_effort", $"The model does not know the effort '{(reasoning.Effort.Length <= 32 ? reasoning.Effort : "…")}'; 'low' was sent.");
        return "low";
    }
}
