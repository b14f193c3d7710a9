using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Writes <c>reasoning</c>: an effort and whether a summary is wanted; the protocol has no switch and no budget.</summary>
internal sealed class ResponsesReasoningWriter
{
    private const int LowBudget = 4_096;
    private const int MediumBudget = 12_288;

    private readonly ThinkingSwitch _switch;
    private readonly ResponsesRequestTarget _target;
    private readonly Reasoning? _wish;
    private readonly EncodingWarnings _warnings;
    private readonly string _effort;

    public ResponsesReasoningWriter(ResponsesRequestTarget target, Reasoning? wish, EncodingWarnings warnings)
    {
        _switch = target.Thinking;
        _target = target;
        _wish = wish;
        _warnings = warnings;
        _effort = wish is null ? "" : EffortOf(wish);
    }

    /// <summary>True when the model will reason, as far as can be known.</summary>
    public bool IsOn => _switch.Form switch
    {
        "always" => true,
        "never" => false,
        _ when Wished == false => !_switch.CanDisable,
        _ => Wished ?? _switch.ByDefault,
    };

    /// <summary>True when the model may give encrypted reasoning; models that do not reason refuse to be asked for it.</summary>
    public bool GivesContent => _switch.Form switch
    {
        "never" => false,
        "" => Wished == true,
        _ => _effort != "none",
    };

    private bool? Wished => _wish switch
    {
        null => null,
        { HasEnabled: true } => _wish.Enabled,
        { Effort.Length: > 0 } => _wish.Effort != "none",
        { HasBudgetTokens: true, BudgetTokens: > 0 } => true,
        _ => null,
    };

    public void Write(Utf8JsonWriter writer)
    {
        var summary = _switch.Form != "never" && _wish is { Summary: not "none" } ? _wish.Summary : "";
        if (_effort.Length + summary.Length == 0)
            return;

        writer.WriteStartObject("reasoning");
        if (_effort.Length > 0)
            writer.WriteString("effort", _effort);
        if (summary.Length > 0)
            writer.WriteString("summary", summary);
        writer.WriteEndObject();
    }

    private string EffortOf(Reasoning wish)
    {
        if (_switch.Form == "never")
            return Wished == true ? Dropped("reasoning", "The model does not reason.") : "";
        if (Wished == false)
            return Off(wish);
        var wanted = wish.Effort is "" or "none" ? Estimate(wish) : wish.Effort;
        if (wanted.Length == 0)
            return "";
        if (_switch.EffortField.Length == 0 || _target.UnsupportedMembers.Contains("reasoning_effort"))
            return Dropped("reasoning_effort", "The model's reasoning has no degrees.");

        var word = _switch.Efforts.GetValueOrDefault(wanted, wanted);
        if (wish.Effort.Length > 0 && word != wish.Effort)
            _warnings.Changed("reasoning_effort", $"The provider's word for '{wanted}' is '{word}'.");
        else if (wish is { HasBudgetTokens: true, BudgetTokens: > 0 })
            _warnings.Changed("thinking_budget", $"The provider takes no budget for reasoning; the effort '{word}' was sent.");
        return word;
    }

    private string Off(Reasoning wish)
    {
        if (_switch.Form == "always" || !_switch.CanDisable)
            return Dropped("reasoning", "The model always reasons.");
        if (_switch.Form.Length == 0 && wish.Effort != "none")
            return Dropped("reasoning", "The provider has no switch for reasoning.");
        return "none";
    }

    private string Estimate(Reasoning wish) => wish switch
    {
        { HasBudgetTokens: true, BudgetTokens: > 0 and <= LowBudget } => "low",
        { HasBudgetTokens: true, BudgetTokens: > LowBudget and <= MediumBudget } => "medium",
        { HasBudgetTokens: true, BudgetTokens: > MediumBudget } => "high",
        { HasEnabled: true, Enabled: true } when _switch is { Form.Length: > 0, ByDefault: false } => "medium",
        _ => "",
    };

    private string Dropped(string param, string message)
    {
        _warnings.Dropped(param, message);
        return "";
    }
}
