using System.Text.Json;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>
/// Reads the reasoning switches. Vendors' own switches stay unknown members, so that they reach the vendor as they are;
/// their meaning is noted as well, because it decides prices and routes.
/// </summary>
internal sealed class ReasoningReader(RequestContext context)
{
    private readonly Reasoning _reasoning = new();
    private bool _given;

    public string Effort
    {
        set
        {
            _reasoning.Effort = value;
            _given = true;
        }
    }

    public Reasoning? Result => _given ? _reasoning : null;

    public void ReadUnknown(string name, JsonElement value)
    {
        switch (name)
        {
            case "reasoning" when value.ValueKind == JsonValueKind.Object:
                ReadObject(name, value);
                break;
            case "thinking" when value.ValueKind == JsonValueKind.Object:
                ReadObject(name, value);
                break;
            case "enable_thinking" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                Enable(value.GetBoolean());
                break;
            case "thinking_budget" when value.ValueKind == JsonValueKind.Number:
                Budget(value, name);
                break;
        }
    }

    private void ReadObject(string name, JsonElement value)
    {
        context.Enter(name);
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Name)
            {
                case "effort" when member.Value.ValueKind == JsonValueKind.String && _reasoning.Effort.Length == 0:
                    Effort = context.Text(member.Value, member.Name, 32);
                    break;
                case "summary" when member.Value.ValueKind == JsonValueKind.String:
                    _reasoning.Summary = context.Text(member.Value, member.Name, 32);
                    _given = true;
                    break;
                case "max_tokens" or "budget_tokens" when member.Value.ValueKind == JsonValueKind.Number:
                    Budget(member.Value, member.Name);
                    break;
                case "enabled" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    Enable(member.Value.GetBoolean());
                    break;
                case "type" when member.Value.ValueKind == JsonValueKind.String:
                    ReadType(member.Value);
                    break;
            }
        }

        context.Leave();
    }

    private void ReadType(JsonElement value)
    {
        if (value.ValueEquals("enabled"))
            Enable(true);
        else if (value.ValueEquals("disabled"))
            Enable(false);
    }

    private void Enable(bool enabled)
    {
        _reasoning.Enabled = enabled;
        _given = true;
    }

    private void Budget(JsonElement value, string name)
    {
        _reasoning.BudgetTokens = context.Integer(value, name, 0, OpenAIRequestLimits.OutputTokens);
        _given = true;
    }
}
