using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes what a request wishes about reasoning in the words of the vendor.</summary>
internal sealed class ThinkingWriter(OpenAIRequestTarget target, Reasoning? wish, ExtraMembers extra, List<Warning> warnings)
{
    private static readonly string[] Switches = ["thinking", "enable_thinking", "thinking_budget", "reasoning"];

    private readonly ThinkingSwitch _switch = target.Thinking;

    /// <summary>True when the model will reason, as far as can be known.</summary>
    public bool IsOn => _switch.Form switch
    {
        "always" => true,
        "never" => false,
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
        if (wish is null)
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

    private bool IsRefused => Wished() == false && !_switch.CanDisable;

    private bool? Wished()
    {
        if (wish is null)
            return null;
        if (wish.HasEnabled)
            return wish.Enabled;
        if (wish.Effort.Length > 0)
            return wish.Effort != "none";
        return wish is { HasBudgetTokens: true, BudgetTokens: > 0 } ? true : null;
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
                if (!extra.Has(_switch.Form) && (wish!.HasEnabled || on != _switch.ByDefault))
                    WriteSwitch(writer, on);
                break;
            case "never" when on:
                Warn("parameter_dropped", "reasoning", "The model does not reason.");
                break;
            case "effort" when wish!.Effort.Length == 0 && on != _switch.ByDefault:
                writer.WriteString(_switch.EffortField, Word(on ? "medium" : "none"));
                break;
            case "" when wish!.HasEnabled && !(extra.Has("thinking") || extra.Has("enable_thinking") || extra.Nested("reasoning").Has("enabled")):
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
        var effort = wish!.Effort;
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
        if (!wish!.HasBudgetTokens || _switch.Form.Length == 0)
            return;
        if (_switch.BudgetField.Length == 0)
        {
            Warn("parameter_dropped", "thinking_budget", "The model's reasoning has no budget.");
            return;
        }

        var budget = Math.Max(wish.BudgetTokens, _switch.MinBudget);
        if (_switch.MaxBudget > 0)
            budget = Math.Min(budget, _switch.MaxBudget);
        if (budget != wish.BudgetTokens)
            Warn("parameter_clamped", _switch.BudgetField, $"The model takes {_switch.MinBudget} to {_switch.MaxBudget} tokens of reasoning; {wish.BudgetTokens} were asked for.");
        if (!extra.Has(_switch.BudgetField))
            writer.WriteNumber(_switch.BudgetField, budget);
    }

    private void WriteObject(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("reasoning");
        if (wish!.HasEnabled)
            writer.WriteBoolean("enabled", wish.Enabled);
        if (wish.Effort.Length > 0)
            writer.WriteString("effort", Word(wish.Effort));
        if (wish.HasBudgetTokens)
            writer.WriteNumber("max_tokens", wish.BudgetTokens);
        writer.WriteEndObject();
    }

    private string Word(string effort) => _switch.Efforts.GetValueOrDefault(effort, effort);

    private void Warn(string code, string param, string message) =>
        warnings.Add(new Warning { Code = code, Param = param, Message = message });
}
