using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>
/// Reads <c>input</c>: a text, or items. What the model said in one go, its reasoning, text and calls, stands in several items here and
/// in one turn of the canonical conversation.
/// </summary>
internal sealed class ResponsesInputReader(RequestContext context, RepeatedField<Message> messages)
{
    private readonly ResponsesPartReader _parts = new(context);
    private Message? _turn;

    public void Read(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            messages.Add(new Message { Role = Role.User, PlainContent = true, Parts = { new Part { Text = new Text { Text_ = value.GetString() } } } });
            return;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            context.WrongType("input", "a string or an array of items", value);
            return;
        }

        foreach (var item in context.Objects(value, "input", OpenAIRequestLimits.Messages))
            ReadItem(item);
    }

    private void ReadItem(JsonElement item)
    {
        var type = item.TryGetProperty("type", out var kind) ? context.Text(kind, "type", 64) : "message";
        switch (type)
        {
            case "message":
                ReadMessage(item);
                break;
            case "function_call" or "custom_tool_call":
                Turn().Parts.Add(ReadCall(item, isCustom: type == "custom_tool_call"));
                break;
            case "function_call_output" or "custom_tool_call_output":
                ReadOutput(item);
                break;
            case "reasoning":
                Turn().Parts.Add(ReadReasoning(item));
                break;
            case "item_reference":
                context.Fail("type", "unsupported_parameter", $"'{context.PathTo("type")}': an item can only be referred to where it is kept, and nothing is kept here: send the item itself.");
                break;
            default:
                // A trace of what a provider did by itself.
                context.Warn("", "parameter_dropped", $"Items of the type '{type}' are not sent on.");
                break;
        }
    }

    private void ReadMessage(JsonElement item)
    {
        var role = RoleOf(item);
        var content = item.TryGetProperty("content", out var given) ? given : default;
        if (content.ValueKind == JsonValueKind.Undefined)
            context.Missing("content");
        var isPlain = content.ValueKind == JsonValueKind.String;
        var parts = content.ValueKind == JsonValueKind.Undefined ? [] : _parts.ReadContent(content, "content");
        if (role == Role.Assistant)
        {
            AddToTurn(parts, isPlain);
            return;
        }

        _turn = null;
        var message = new Message { Role = role, PlainContent = isPlain };
        message.Parts.AddRange(parts);
        messages.Add(message);
    }

    // Two texts without a call between them were said one after the other.
    private void AddToTurn(IReadOnlyList<Part> parts, bool isPlain)
    {
        if (_turn is not null && _turn.Parts.Any(part => part.Text is not null) && _turn.Parts.All(part => part.ToolCall is null))
            _turn = null;
        var turn = Turn();
        turn.PlainContent = isPlain;
        turn.Parts.AddRange(parts);
    }

    private Message Turn()
    {
        if (_turn is null)
            messages.Add(_turn = new Message { Role = Role.Assistant, PlainContent = true });
        return _turn;
    }

    private Role RoleOf(JsonElement item)
    {
        var role = item.TryGetProperty("role", out var name) ? context.Text(name, "role", 64) : "";
        switch (role)
        {
            case "user":
                return Role.User;
            case "assistant":
                return Role.Assistant;
            case "system":
                return Role.System;
            case "developer":
                return Role.Developer;
            case "":
                context.Missing("role");
                return Role.User;
            default:
                context.Fail("role", "invalid_value", $"Invalid '{context.PathTo("role")}': '{role}' is no role. Expected 'user', 'assistant', 'system' or 'developer'.");
                return Role.User;
        }
    }

    private Part ReadCall(JsonElement item, bool isCustom)
    {
        var member = isCustom ? "input" : "arguments";
        var call = new ToolCall
        {
            Id = Required(item, "call_id", OpenAIRequestLimits.NameCharacters),
            Name = Required(item, "name", OpenAIRequestLimits.ToolNameCharacters),
            Kind = isCustom ? "custom" : "",
        };
        if (item.TryGetProperty(member, out var arguments))
            call.Arguments = context.Text(arguments, member);
        else
            context.Missing(member);
        return new Part { ToolCall = call };
    }

    private void ReadOutput(JsonElement item)
    {
        _turn = null;
        var result = new ToolResult { ToolCallId = Required(item, "call_id", OpenAIRequestLimits.NameCharacters) };
        var isPlain = true;
        if (item.TryGetProperty("output", out var output))
        {
            isPlain = output.ValueKind == JsonValueKind.String;
            result.Parts.AddRange(_parts.ReadContent(output, "output"));
        }
        else
        {
            context.Missing("output");
        }

        messages.Add(new Message { Role = Role.Tool, PlainContent = isPlain, Parts = { new Part { ToolResult = result } } });
    }

    private static Part ReadReasoning(JsonElement item)
    {
        var texts = item.ItemsOf("summary").Concat(item.ItemsOf("content")).Select(part => part.TextOf("text")).Where(text => text.Length > 0);
        var (content, origin) = SignatureOrigin.Unwrap(item.TextOf("encrypted_content"));
        var reasoning = new ReasoningPart { Text = string.Join("\n\n", texts), Origin = content.Length > 0 ? origin : "" };
        // Encrypted content beside a text is its signature; without one it is all there is.
        if (reasoning.Text.Length > 0)
            reasoning.Signature = content;
        else
            reasoning.Redacted = content;
        return new Part { Reasoning = reasoning };
    }

    private string Required(JsonElement item, string member, int max)
    {
        var text = item.TryGetProperty(member, out var value) ? context.Text(value, member, max) : "";
        if (text.Length == 0)
            context.Missing(member);
        return text;
    }
}
