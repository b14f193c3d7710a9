using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes what a request wishes about reasoning in the words of the vendor.</summary>
internal sealed class ThinkingWriter(OpenAIRequestTarget target, ChatRequest request, ExtraMembers extra, List<Warning> warnings)
{
    private static readonly string[] Switches = ["thinking", "enable_thinking", "thinking_budget", "reasoning"];

    private readonly ThinkingSwitch _switch = target.Thinking;
    private readonly Reasoning? _wish = request.Reasoning;

    /// <summary>True when the model will reason, as far as can be known.</summary>
    public bool IsOn => _switch.Form switch
    {
        "always" => true,
        "never" => false,
        _ when YieldsBecause is not null => false,
        _ when Wished() == false => !_switch.CanDisable,
        _ => Wished() ?? _switch.ByDefault,
    };

    /// <summary>True for a member that a client wrote in another vendor's words; its meaning is written here.</summary>
    public bool Replaces(string member)
    {
        if (_switch.Form.Length == 0 || !Switches.Contains(member))
            return false;
        return !(member == _switch.Form || member == _switch.BudgetField) || IsRefused;
    }

    public void Write(Utf8JsonWriter writer)
    {
        if (YieldsBecause is { } reason)
        {
            WriteSwitch(writer, on: false);
            Warn("parameter_changed", "reasoning", reason);
            return;
        }

        if (_wish is null)
            return;

        if (_switch.Form == "reasoning")
        {
            if (!extra.Has("reasoning"))
                WriteObject(writer);
            return;
        }

        WriteSwitch(writer);
        WriteEffort(writer);
        WriteBudget(writer);
    }

    // That the model would reason is only its default; a forced tool, and a conversation as it is, are the caller's own word.
    // How much it should reason says less than that: the vendor refuses what a conversation has lost, whatever the effort.
    private string? YieldsBecause =>
        _switch is not { CanDisable: true, ByDefault: true, Form: "thinking" or "enable_thinking" } || (Wished() is not null && !IsOnlyEffort) ? null
        : _switch.YieldsToForcedTool && !IsOnlyEffort && request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named
            ? "The model cannot be made to call a tool while it reasons; reasoning was switched off."
        : _switch.YieldsToLostReasoning && request.Messages.Any(LostItsReasoning)
            ? "The model reasons only where earlier tool calls carry their reasoning, which the conversation lacks; reasoning was switched off."
        : null;

    private static bool LostItsReasoning(Message message) =>
        message.Role == Role.Assistant
        && message.Parts.Any(part => part.ToolCall is not null)
        && !message.Parts.Any(part => part.Reasoning is { Text.Length: > 0 });

    private bool IsOnlyEffort => _wish is { HasEnabled: false, HasBudgetTokens: false, Effort: not ("" or "none") } && !extra.Has(_switch.Form);

    private bool IsRefused => Wished() == false && !_switch.CanDisable;

    private bool? Wished()
    {
        if (_wish is null)
            return null;
        if (_wish.HasEnabled)
            return _wish.Enabled;
        if (_wish.Effort.Length > 0)
            return _wish.Effort != "none";
        return _wish is { HasBudgetTokens: true, BudgetTokens: > 0 } ? true : null;
    }

    // A switch that the client wrote itself goes on as it is; the vendor's own is added when the client used that of another vendor.
    private void WriteSwitch(Utf8JsonWriter writer)
    {
        if (Wished() is not { } on)
            return;
        if (!on && !_switch.CanDisable || (!on && _switch.Form == "always"))
        {
            Warn("parameter_dropped", "reasoning", "The model always reasons.");
            return;
        }

        switch (_switch.Form)
        {
            case "thinking" or "enable_thinking":
                if (!extra.Has(_switch.Form) && (_wish!.HasEnabled || on != _switch.ByDefault))
                    WriteSwitch(writer, on);
                break;
            case "never" when on:
                Warn("parameter_dropped", "reasoning", "The model does not reason.");
                break;
            case "effort" when _wish!.Effort.Length == 0 && on != _switch.ByDefault:
                writer.WriteString(_switch.EffortField, Word(on ? "medium" : "none"));
                break;
            case "" when _wish!.HasEnabled && !(extra.Has("thinking") || extra.Has("enable_thinking") || extra.Nested("reasoning").Has("enabled")):
                Warn("parameter_dropped", "reasoning", "The provider has no switch for reasoning.");
                break;
        }
    }

    private void WriteSwitch(Utf8JsonWriter writer, bool on)
    {
        if (_switch.Form == "enable_thinking")
        {
            writer.WriteBoolean("enable_thinking", on);
            return;
        }

        writer.WriteStartObject("thinking");
        writer.WriteString("type", on ? "enabled" : "disabled");
        writer.WriteEndObject();
    }

    private void WriteEffort(Utf8JsonWriter writer)
    {
        var effort = _wish!.Effort;
        var isExtra = _switch.Form.Length == 0 && extra.Nested("reasoning").TryGet("effort", out var given) && given.ValueKind == JsonValueKind.String && given.ValueEquals(effort);
        if (effort.Length == 0 || isExtra || (effort == "none" && (IsRefused || _switch.Form is "thinking" or "enable_thinking" or "always" or "never")))
            return;
        if (target.UnsupportedMembers.Contains("reasoning_effort") || _switch.Form == "never")
        {
            Warn("parameter_dropped", "reasoning_effort", "The provider does not take 'reasoning_effort'.");
            return;
        }

        var word = _switch.EffortField.Length == 0 ? "" : Word(effort);
        if (word.Length > 0)
            writer.WriteString(_switch.EffortField, word);
        if (word.Length == 0)
            Warn("parameter_dropped", "reasoning_effort", "The model's reasoning has no degrees.");
        else if (word != effort)
            Warn("parameter_changed", "reasoning_effort", $"The provider's word for '{effort}' is '{word}'.");
    }

    private void WriteBudget(Utf8JsonWriter writer)
    {
        if (!_wish!.HasBudgetTokens || _switch.Form.Length == 0)
            return;
        if (_switch.BudgetField.Length == 0)
        {
            Warn("parameter_dropped", "thinking_budget", "The model's reasoning has no budget.");
            return;
        }

        var budget = Math.Max(_wish.BudgetTokens, _switch.MinBudget);
        if (_switch.MaxBudget > 0)
            budget = Math.Min(budget, _switch.MaxBudget);
        if (budget != _wish.BudgetTokens)
            Warn("parameter_clamped", _switch.BudgetField, $"The model takes {_switch.MinBudget} to {_switch.MaxBudget} tokens of reasoning; {_wish.BudgetTokens} were asked for.");
        if (!extra.Has(_switch.BudgetField))
            writer.WriteNumber(_switch.BudgetField, budget);
    }

    private void WriteObject(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("reasoning");
        if (_wish!.HasEnabled)
            writer.WriteBoolean("enabled", _wish.Enabled);
        if (_wish.HasBudgetTokens)
            writer.WriteNumber("max_tokens", _wish.BudgetTokens);
        else if (_wish.Effort.Length > 0)
            writer.WriteString("effort", Word(_wish.Effort));
        if (_wish is { HasBudgetTokens: true, Effort.Length: > 0 })
            Warn("parameter_dropped", "reasoning_effort", "The provider takes a budget or an effort for reasoning, not both; the budget was sent.");
        writer.WriteEndObject();
    }

    private string Word(string effort) => _switch.Efforts.GetValueOrDefault(effort, effort);

    private void Warn(string code, string param, string message) =>
        warnings.Add(new Warning { Code = code, Param = param, Message = message });
}
