using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads the conversation of a chat request.</summary>
internal sealed class ChatMessageReader(RequestContext context)
{
    // What an answer is to rest on, as simple clients send it beside their instructions.
    private const string Grounding = "context";

    private readonly LegacyFunctionCalls _legacy = new();

    public void ReadAll(JsonElement value, RepeatedField<Message> messages)
    {
        foreach (var item in context.Objects(value, "messages", OpenAIRequestLimits.Messages))
            messages.Add(Read(item));
    }

    private Message Read(JsonElement value)
    {
        var message = new Message();
        var turn = new Turn();
        var roleName = value.TryGetProperty("role", out var role) ? context.Text(role, "role", 64) : "";
        if (roleName.Length == 0)
            context.Missing("role");
        else if (!IsKnown(roleName))
            context.Fail("role", "invalid_value", $"Invalid '{context.PathTo("role")}': '{roleName}' is no role. Expected 'system', 'developer', 'user', 'assistant', 'tool' or '{Grounding}'.");
        message.Role = RoleOf(roleName);

        foreach (var member in value.EnumerateObject())
            ReadMember(member, message, ref turn);

        Assemble(message, roleName, ref turn);
        message.Extensions = turn.Extensions.ToString();
        return message;
    }

    private void ReadMember(JsonProperty member, Message message, ref Turn turn)
    {
        var value = member.Value;
        var isNull = value.ValueKind == JsonValueKind.Null;
        switch (member.Name)
        {
            case "role":
                break;
            case "name":
                message.Name = isNull ? "" : context.Text(value, member.Name, OpenAIRequestLimits.NameCharacters);
                break;
            case "content":
                turn.HasContent = !isNull;
                message.PlainContent = value.ValueKind == JsonValueKind.String;
                if (!isNull)
                    turn.Content = ContentPartReader.ReadContent(context, value);
                break;
            case "tool_call_id" when message.Role == Role.Tool:
                turn.ToolCallId = isNull ? "" : context.Text(value, member.Name, OpenAIRequestLimits.NameCharacters);
                break;
            case "tool_calls" when message.Role == Role.Assistant:
                if (!isNull)
                    turn.ToolCalls = ToolCallReader.ReadAll(context, value);
                break;
            case "function_call" when message.Role == Role.Assistant:
                if (!isNull)
                    turn.ToolCalls = [_legacy.ReadCall(context, value)];
                break;
            case "reasoning_content" or "reasoning" when message.Role == Role.Assistant && value.ValueKind is JsonValueKind.String or JsonValueKind.Null:
                ReadReasoning(member, ref turn);
                break;
            case "refusal" when message.Role == Role.Assistant:
                turn.Refusal = isNull ? null : context.Text(value, member.Name);
                break;
            default:
                if (!SteeringMembers.Contains(member.Name))
                    turn.Extensions.Add(member);
                break;
        }
    }

    private static void ReadReasoning(JsonProperty member, ref Turn turn)
    {
        if (member.Value.ValueKind == JsonValueKind.Null)
            return;

        // Some clients send the text back under both names; the second one is kept beside the part.
        if (turn.Reasoning is null)
            turn.Reasoning = member.Value.GetString();
        else
            turn.Extensions.Add(member);
    }

    private void Assemble(Message message, string roleName, ref Turn turn)
    {
        if (message.Role == Role.Tool)
        {
            AssembleToolResult(message, roleName, ref turn);
            return;
        }

        if (turn.Reasoning is not null)
            message.Parts.Add(new Part { Reasoning = new ReasoningPart { Text = turn.Reasoning } });
        if (turn.HasContent)
            message.Parts.AddRange(turn.Content);
        else if (message.Role != Role.Assistant)
            context.Missing("content");
        if (turn.Refusal is not null)
            AddRefusal(message, ref turn);
        if (turn.ToolCalls is not null)
            message.Parts.AddRange(turn.ToolCalls);
        if (roleName == Grounding)
            context.Warn("role", "role_mapped", $"Providers know no role '{Grounding}'; the message was sent as a system message.");
    }

    // A list of parts has its own refusal parts; beside such a list the message's refusal can only be kept as it is.
    private static void AddRefusal(Message message, ref Turn turn)
    {
        if (turn.HasContent && !message.PlainContent)
            turn.Extensions.Add("refusal", JsonSerializer.Serialize(turn.Refusal));
        else
            message.Parts.Add(new Part { Refusal = new Refusal { Text = turn.Refusal } });
    }

    private void AssembleToolResult(Message message, string roleName, ref Turn turn)
    {
        if (roleName == "function")
        {
            turn.ToolCallId = _legacy.IdOfResult(message.Name);
            if (message.Name.Length == 0)
                context.Missing("name");
        }
        else if (turn.ToolCallId.Length == 0)
        {
            context.Missing("tool_call_id");
        }

        if (!turn.HasContent && roleName != "function")
            context.Missing("content");
        message.PlainContent |= !turn.HasContent;
        var result = new ToolResult { ToolCallId = turn.ToolCallId };
        result.Parts.AddRange(turn.Content);
        message.Parts.Add(new Part { ToolResult = result });
    }

    private static Role RoleOf(string name) => name switch
    {
        "user" => Role.User,
        "assistant" => Role.Assistant,
        "developer" => Role.Developer,
        "tool" or "function" => Role.Tool,
        _ => Role.System,
    };

    private static bool IsKnown(string name) => name is "system" or "developer" or "user" or "assistant" or "tool" or "function" or Grounding;

    private struct Turn()
    {
        public bool HasContent;
        public IReadOnlyList<Part> Content = [];
        public string? Reasoning;
        public string? Refusal;
        public string ToolCallId = "";
        public IReadOnlyList<Part>? ToolCalls;
        public JsonBag Extensions;
    }
}
