using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Reads the conversation of a Messages request.</summary>
internal sealed class MessageBlocksReader(RequestContext context)
{
    private readonly RequestBlockReader _blocks = new(context);

    public void ReadSystem(JsonElement value, RepeatedField<Message> messages)
    {
        var message = new Message { Role = Role.System };
        ReadContent(value, "system", message);
        if (message.Parts.Any(part => part.ContentCase != Part.ContentOneofCase.Text))
            context.Fail("system", "invalid_value", "Invalid 'system': only text blocks are allowed.");
        if (message.Parts.Any(part => part.Text is { Text_.Length: > 0 }))
            messages.Add(message);
    }

    public void ReadAll(JsonElement value, RepeatedField<Message> messages)
    {
        foreach (var item in context.Objects(value, "messages", OpenAIRequestLimits.Messages))
            messages.Add(Read(item));
    }

    private Message Read(JsonElement value)
    {
        var message = new Message { Role = RoleOf(value) };
        var others = new JsonBag();
        var hasContent = false;
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals("content"))
            {
                hasContent = true;
                ReadContent(member.Value, member.Name, message);
            }
            else if (!member.NameEquals("role") && !SteeringMembers.Contains(member.Name))
            {
                others.Add(member);
            }
        }

        if (!hasContent)
            context.Missing("content");
        if (message.Role == Role.User && message.Parts.Count > 0 && message.Parts.All(part => part.ContentCase == Part.ContentOneofCase.ToolResult))
            message.Role = Role.Tool;
        message.Extensions = others.ToString();
        return message;
    }

    private Role RoleOf(JsonElement value)
    {
        var role = value.TryGetProperty("role", out var name) ? context.Text(name, "role", 64) : "";
        switch (role)
        {
            case "user":
                return Role.User;
            case "assistant":
                return Role.Assistant;
            case "system":
                return Role.System;
            case "":
                context.Missing("role");
                return Role.User;
            default:
                context.Fail("role", "invalid_value", $"Invalid '{context.PathTo("role")}': expected \"user\" or \"assistant\".");
                return Role.User;
        }
    }

    private void ReadContent(JsonElement value, string member, Message message)
    {
        message.PlainContent = value.ValueKind == JsonValueKind.String;
        message.Parts.AddRange(_blocks.ReadContent(value, member, message.Role));
    }
}
