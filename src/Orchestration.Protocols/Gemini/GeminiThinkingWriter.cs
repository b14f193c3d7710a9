using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>Writes <c>thinkingConfig</c> in the form that the model's generation takes.</summary>
internal sealed class GeminiThinkingWriter(Utf8JsonWriter writer, GeminiModelRule rule, EncodingWarnings warnings, int? maxOutput)
{
    private const int Dynamic = -1;
    private const int LowBudget = 1_024;
    private const int MediumBudget = 8_192;
    private const int HighBudget = 24_576;

    private static readonly string[] Ladder = ["minimal", "low", "medium", "high"];

    public void Write(Reasoning? reasoning, ExtraMembers extra)
    {
        if (reasoning is null && !extra.Members.Any())
            return;

        var isOff = reasoning is { Effort: "none" } or { HasEnabled: true, Enabled: false } or { HasBudgetTokens: true, BudgetTokens: 0 };
        var isAsked = reasoning is not null && !isOff;
        if (rule.Thinking == GeminiThinking.None)
        {
            if (isAsked)
                warnings.Dropped("reasoning", "The model does not think.");
            return;
        }

        writer.WriteStartObject("thinkingConfig");
        if (reasoning is not null && rule.Thinking == GeminiThinking.Budget)
            WriteBudget(reasoning, isOff);
        else if (reasoning is not null)
            WriteLevel(reasoning, isOff);
        if (extra.TryGet("includeThoughts", out var include))
            JsonWriting.WriteJson(writer, "includeThoughts", include.GetRawText());
        else if (isAsked)
            writer.WriteBoolean("includeThoughts", true);
        extra.Write(writer, "thinkingBudget", "thinkingLevel", "includeThoughts");
        writer.WriteEndObject();
    }

    private void WriteBudget(Reasoning reasoning, bool isOff)
    {
        if (isOff)
        {
            if (!rule.CanStopThinking)
                warnings.Clamped("reasoning", $"The model's thinking cannot be turned off; a budget of {rule.MinThinkingBudget} tokens was sent.");
            writer.WriteNumber("thinkingBudget", rule.CanStopThinking ? 0 : rule.MinThinkingBudget);
            return;
        }

        if (reasoning is { HasBudgetTokens: true, BudgetTokens: > 0 })
        {
            var budget = Math.Clamp(reasoning.BudgetTokens, rule.MinThinkingBudget, rule.MaxThinkingBudget);
            var room = Bounded(budget);
            if (room != budget)
                warnings.Clamped("reasoning", $"The output limit holds the thinking too; a budget of {room} tokens was sent.");
            else if (budget != reasoning.BudgetTokens)
                warnings.Clamped("reasoning", $"The model takes thinking budgets of {rule.MinThinkingBudget} to {rule.MaxThinkingBudget} tokens; {budget} were sent.");
            budget = room;
            writer.WriteNumber("thinkingBudget", budget);
            return;
        }

        var wanted = reasoning.Effort switch
        {
            "minimal" => LowBudget / 2,
            "low" => LowBudget,
            "medium" => MediumBudget,
            "high" => HighBudget,
            "xhigh" or "max" => rule.MaxThinkingBudget,
            _ => Dynamic,
        };
        writer.WriteNumber("thinkingBudget", wanted == Dynamic ? Dynamic : Bounded(Math.Clamp(wanted, rule.MinThinkingBudget, rule.MaxThinkingBudget)));
    }

    // The output limit includes thinking, so an answer needs a part of it.
    private int Bounded(int budget) =>
        maxOutput is { } limit ? Math.Max(rule.MinThinkingBudget, Math.Min(budget, (int)(limit * 0.8))) : budget;

    private void WriteLevel(Reasoning reasoning, bool isOff)
    {
        var wanted = isOff ? "none" : WantedLevel(reasoning);
        if (wanted.Length == 0 || rule.ThinkingLevels.Count == 0)
            return;

        var level = Nearest(wanted);
        if (isOff)
            warnings.Clamped("reasoning", $"The model's thinking cannot be turned off; the level '{level}' was sent.");
        else if (level != wanted)
            warnings.Changed("reasoning_effort", $"The model does not know the thinking level '{wanted}'; '{level}' was sent.");
        if (!isOff && reasoning is { HasBudgetTokens: true, BudgetTokens: > 0 })
            warnings.Changed("reasoning", $"The model takes no thinking budget; the level '{level}' was sent.");
        writer.WriteString("thinkingLevel", level);
    }

    private static string WantedLevel(Reasoning reasoning)
    {
        if (reasoning is not { HasBudgetTokens: true, BudgetTokens: > 0 })
            return reasoning.Effort;
        return reasoning.BudgetTokens switch
        {
            < LowBudget => "minimal",
            < MediumBudget => "low",
            < HighBudget => "medium",
            _ => "high",
        };
    }

    // The least level of the model that is not below the wanted one, else its highest.
    private string Nearest(string wanted)
    {
        var rank = wanted == "none" ? 0 : Array.IndexOf(Ladder, wanted);
        if (rank < 0)
            rank = Ladder.Length - 1;
        return rule.ThinkingLevels.FirstOrDefault(level => Array.IndexOf(Ladder, level) >= rank) ?? rule.ThinkingLevels[^1];
    }
}
