using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Reads the members of a Messages request. One instance per request.</summary>
internal sealed class MessagesRequestReader(RequestContext context, bool isCount)
{
    private static readonly FrozenSet<string> KnownMembers = new[]
    {
        "model", "messages", "system", "tools", "tool_choice", "max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "stream",
        "thinking", "output_config", "output_format", "metadata", "service_tier", "orchestration",
    }.ToFrozenSet();

    private readonly ChatRequest _request = new() { Protocol = Protocol.AnthropicMessages };
    private JsonBag _extensions;
    private string _endUser = "";

    /// <summary>True for members that the canonical model holds in fields of its own.</summary>
    public static bool IsKnown(string name) => KnownMembers.Contains(name);

    public ChatRequestDecoding Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return new ChatRequestDecoding.Rejected(RequestFailures.Invalid("invalid_type", "The body must be a JSON object.", ""));

        // Instructions come first in the canonical conversation, wherever the member stands.
        if (root.TryGetProperty("system", out var system) && system.ValueKind != JsonValueKind.Null)
            new MessageBlocksReader(context).ReadSystem(system, _request.Messages);
        var instructions = _request.Messages.Count;
        foreach (var property in root.EnumerateObject())
        {
            if (context.Failed)
                break;
            ReadMember(property);
        }

        Require("model", _request.Model.Length > 0);
        Require("max_tokens", isCount || _request.HasMaxOutputTokens);
        Require("messages", root.TryGetProperty("messages", out _));
        if (!context.Failed && _request.Messages.Count == instructions)
            context.Fail("messages", "empty_array", "Invalid 'messages': empty array. Expected at least one message.");
        _request.Extensions = _extensions.ToString();
        return context.Failure is { } failure
            ? new ChatRequestDecoding.Rejected(failure)
            : new ChatRequestDecoding.Decoded(_request, IncludeUsage: true, context.Warnings, _endUser);
    }

    private void Require(string member, bool given)
    {
        if (!given)
            context.Missing(member);
    }

    private void ReadMember(JsonProperty property)
    {
        var name = property.Name;
        if (property.Value.ValueKind == JsonValueKind.Null && KnownMembers.Contains(name))
            return;
        if (ReadConversation(name, property.Value) || ReadSampling(name, property.Value) || ReadWishes(name, property.Value))
            return;

        if (!context.DropsSteering(name))
            _extensions.Add(property);
    }

    private bool ReadConversation(string name, JsonElement value)
    {
        switch (name)
        {
            case "model":
                _request.Model = context.Text(value, name, OpenAIRequestLimits.ModelCharacters);
                return true;
            case "system":
                return true;
            case "messages":
                new MessageBlocksReader(context).ReadAll(value, _request.Messages);
                return true;
            case "tools":
                MessagesToolReader.ReadTools(context, value, _request.Tools);
                return true;
            case "tool_choice":
                MessagesToolReader.ReadChoice(context, value, _request);
                return true;
            default:
                return false;
        }
    }

    private bool ReadSampling(string name, JsonElement value)
    {
        Sampling Sampling() => _request.Sampling ??= new Sampling();
        switch (name)
        {
            case "temperature":
                Sampling().Temperature = context.Number(value, name, 0, 1);
                return true;
            case "top_p":
                Sampling().TopP = context.Number(value, name, 0, 1);
                return true;
            case "top_k":
                Sampling().TopK = context.Integer(value, name, 0, int.MaxValue);
                return true;
            case "max_tokens":
                _request.MaxOutputTokens = context.Integer(value, name, 1, OpenAIRequestLimits.OutputTokens);
                return true;
            case "stop_sequences":
                ReadStop(value);
                return true;
            default:
                return false;
        }
    }

    private bool ReadWishes(string name, JsonElement value)
    {
        switch (name)
        {
            case "stream":
                _request.Stream = context.Flag(value, name);
                return true;
            case "thinking":
                ReadThinking(value);
                return true;
            case "output_config":
                ReadOutput(value);
                return true;
            case "output_format":
                ReadFormat(value, name);
                return true;
            case "metadata":
                ReadMetadata(value);
                return true;
            case "service_tier":
                _request.ServiceTier = context.Text(value, name, 32);
                return true;
            case "orchestration":
                _request.Hints = RoutingHintsReader.Read(context, value);
                return true;
            default:
                return false;
        }
    }

    private void ReadStop(JsonElement value)
    {
        foreach (var item in context.Items(value, "stop_sequences", OpenAIRequestLimits.StopSequences))
        {
            var text = context.Text(item, "");
            if (Encoding.UTF8.GetByteCount(text) > OpenAIRequestLimits.StopBytes)
                context.Fail("", "string_above_max_length", $"Invalid '{context.PathTo("")}': at most {OpenAIRequestLimits.StopBytes} bytes are allowed.");
            _request.Stop.Add(text);
        }
    }

    private void ReadThinking(JsonElement value)
    {
        if (!context.IsObject(value, "thinking"))
            return;

        var reasoning = _request.Reasoning ??= new Reasoning();
        var others = new JsonBag();
        context.Enter("thinking");
        var type = value.TryGetProperty("type", out var kind) ? context.Text(kind, "type", 32) : "";
        if (type.Length == 0)
            context.Missing("type");
        else if (type is not ("enabled" or "adaptive" or "disabled"))
            context.Fail("type", "invalid_value", "Invalid 'thinking.type': expected \"enabled\", \"adaptive\" or \"disabled\".");
        reasoning.Enabled = type is "enabled" or "adaptive";
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals("budget_tokens"))
                reasoning.BudgetTokens = context.Integer(member.Value, member.Name, 0, OpenAIRequestLimits.OutputTokens);
            else if (!member.NameEquals("type"))
                others.Add(member);
        }

        if (type == "enabled" && !reasoning.HasBudgetTokens)
            context.Missing("budget_tokens");
        context.Leave();
        _extensions.Add("thinking", others);
    }

    private void ReadOutput(JsonElement value)
    {
        if (!context.IsObject(value, "output_config"))
            return;

        var others = new JsonBag();
        context.Enter("output_config");
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (member.NameEquals("effort"))
                (_request.Reasoning ??= new Reasoning()).Effort = context.Text(member.Value, member.Name, 32);
            else if (member.NameEquals("format"))
                ReadFormat(member.Value, member.Name);
            else
                others.Add(member);
        }

        context.Leave();
        _extensions.Add("output_config", others);
    }

    private void ReadFormat(JsonElement value, string name)
    {
        if (!context.IsObject(value, name))
            return;

        context.Enter(name);
        var type = value.TryGetProperty("type", out var kind) ? context.Text(kind, "type", 64) : "";
        if (type != "json_schema")
            context.Fail("type", "invalid_value", $"Invalid '{context.PathTo("type")}': expected \"json_schema\".");
        else if (!value.TryGetProperty("schema", out var schema))
            context.Missing("schema");
        else if (context.IsObject(schema, "schema"))
            _request.ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, SchemaName = "answer", Schema = schema.GetRawText(), Strict = true };
        context.Leave();
    }

    private void ReadMetadata(JsonElement value)
    {
        if (!context.IsObject(value, "metadata"))
            return;

        context.Enter("metadata");
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals("user_id"))
                _endUser = member.Value.ValueKind == JsonValueKind.Null ? "" : context.Text(member.Value, member.Name, OpenAIRequestLimits.EndUserCharacters);
            else
                context.Warn(member.Name, "parameter_dropped", "Only 'user_id' is known in 'metadata'.");
        }

        context.Leave();
    }
}
