using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Reads the members of a Responses request. One instance per request.</summary>
internal sealed class ResponsesRequestReader(RequestContext context)
{
    private static readonly FrozenSet<string> Echoed = new[]
    {
        "instructions", "max_output_tokens", "max_tool_calls", "parallel_tool_calls", "reasoning", "temperature", "text", "tool_choice", "tools", "top_p",
        "top_logprobs", "truncation", "metadata", "include", "service_tier", "prompt_cache_key", "safety_identifier", "user",
    }.ToFrozenSet();

    private readonly ChatRequest _request = new() { Protocol = Protocol.OpenaiResponses };
    private JsonBag _extensions;
    private JsonBag _echo;
    private string _user = "";
    private string _safetyIdentifier = "";

    public ChatRequestDecoding Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return new ChatRequestDecoding.Rejected(RequestFailures.Invalid("invalid_type", "The body must be a JSON object.", ""));

        // Instructions come first in the canonical conversation, wherever the member stands.
        if (root.TryGetProperty("instructions", out var instructions) && instructions.ValueKind != JsonValueKind.Null)
            ReadInstructions(instructions);
        foreach (var property in root.EnumerateObject())
        {
            if (context.Failed)
                break;
            if (property.Value.ValueKind != JsonValueKind.Null)
                ReadMember(property);
        }

        if (_request.Model.Length == 0)
            context.Missing("model");
        if (!root.TryGetProperty("input", out _))
            context.Missing("input");
        else if (!context.Failed && _request.Messages.Count == 0)
            context.Fail("input", "empty_array", "Invalid 'input': expected a text or at least one item.");
        _request.Extensions = _extensions.ToString();
        return context.Failure is { } failure
            ? new ChatRequestDecoding.Rejected(failure)
            : new ChatRequestDecoding.Decoded(_request, IncludeUsage: true, context.Warnings, _safetyIdentifier.Length > 0 ? _safetyIdentifier : _user, _echo.ToString());
    }

    private void ReadMember(JsonProperty property)
    {
        var (name, value) = (property.Name, property.Value);
        if (Echoed.Contains(name))
            _echo.Add(property);
        if (ReadConversation(name, value) || ReadLimits(name, value) || ReadWishes(name, value) || RefusesState(name, value))
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
            case "instructions":
                return true;
            case "input":
                new ResponsesInputReader(context, _request.Messages).Read(value);
                return true;
            case "tools":
                ResponsesToolReader.ReadTools(context, value, _request.Tools);
                return true;
            case "tool_choice":
                _request.ToolChoice = ResponsesToolReader.ReadChoice(context, value);
                return true;
            case "parallel_tool_calls":
                _request.ParallelToolCalls = context.Flag(value, name);
                return true;
            case "text":
                ReadText(value);
                return true;
            default:
                return false;
        }
    }

    private bool ReadLimits(string name, JsonElement value)
    {
        switch (name)
        {
            case "temperature":
                (_request.Sampling ??= new Sampling()).Temperature = context.Number(value, name, 0, 2);
                return true;
            case "top_p":
                (_request.Sampling ??= new Sampling()).TopP = context.Number(value, name, 0, 1);
                return true;
            case "max_output_tokens":
                _request.MaxOutputTokens = context.Integer(value, name, 1, OpenAIRequestLimits.OutputTokens);
                return true;
            case "top_logprobs":
                Probabilities.TopCount = context.Integer(value, name, 0, OpenAIRequestLimits.TopLogProbabilities);
                return true;
            case "reasoning":
                ReadReasoning(value);
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
            case "stream_options":
                // Padding against eavesdroppers is the provider's own matter.
                return context.IsObject(value, name);
            case "include":
                ReadInclude(value);
                return true;
            case "metadata":
                MetadataReader.Read(context, value, _request.Metadata);
                return true;
            case "service_tier":
                _request.ServiceTier = context.Text(value, name, 32);
                return true;
            case "orchestration":
                _request.Hints = RoutingHintsReader.Read(context, value);
                return true;
            case "user":
                _user = context.Text(value, name, OpenAIRequestLimits.EndUserCharacters);
                return true;
            case "safety_identifier":
                _safetyIdentifier = context.Text(value, name, OpenAIRequestLimits.EndUserCharacters);
                return true;
            case "prompt_cache_key":
                _request.PromptCacheKey = context.Text(value, name, OpenAIRequestLimits.EndUserCharacters);
                return true;
            default:
                return false;
        }
    }

    private bool RefusesState(string name, JsonElement value)
    {
        switch (name)
        {
            case "previous_response_id" or "conversation" or "prompt":
                context.Fail(name, "unsupported_parameter", $"'{name}' needs something kept from earlier, and nothing is kept here: send the whole conversation in 'input'.");
                return true;
            case "background":
                if (context.Flag(value, name))
                    context.Fail(name, "unsupported_parameter", "'background' needs an answer that is kept to be fetched later, and nothing is kept here.");
                return true;
            case "store":
                if (context.Flag(value, name))
                    context.Warn(name, "parameter_changed", "The answer is not kept: it cannot be fetched again, nor continued by its id.");
                return true;
            default:
                return false;
        }
    }

    private LogProbabilities Probabilities => _request.LogProbabilities ??= new LogProbabilities { Enabled = true };

    private void ReadInstructions(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            _request.Messages.Add(new Message { Role = Role.System, PlainContent = true, Parts = { new Part { Text = new Text { Text_ = value.GetString() } } } });
        else
            context.WrongType("instructions", "a string", value);
    }

    private void ReadInclude(JsonElement value)
    {
        foreach (var item in context.Items(value, "include", 32))
        {
            var wish = context.Text(item, "", 128);
            if (wish == "message.output_text.logprobs")
                Probabilities.Enabled = true;
            else if (wish != "reasoning.encrypted_content" && !context.Failed)
                context.Warn("", "parameter_dropped", $"'{wish}' cannot be included.");
        }
    }

    private void ReadReasoning(JsonElement value)
    {
        if (!context.IsObject(value, "reasoning"))
            return;

        var reasoning = _request.Reasoning ??= new Reasoning();
        context.Enter("reasoning");
        foreach (var member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            if (member.NameEquals("effort"))
                reasoning.Effort = context.Text(member.Value, member.Name, 32);
            else if (member.NameEquals("summary") || member.NameEquals("generate_summary"))
                reasoning.Summary = context.Text(member.Value, member.Name, 32);
            else
                context.Warn(member.Name, "parameter_dropped", $"'reasoning' has no '{member.Name}' here.");
        }

        context.Leave();
    }

    private void ReadText(JsonElement value)
    {
        if (!context.IsObject(value, "text"))
            return;

        var others = new JsonBag();
        context.Enter("text");
        foreach (var member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            if (member.NameEquals("format"))
                _request.ResponseFormat = ResponsesFormatReader.Read(context, member.Value);
            else
                others.Add(member);
        }

        context.Leave();
        _extensions.Add("text", others);
    }
}
