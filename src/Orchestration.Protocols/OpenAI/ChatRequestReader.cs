using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads the members of a chat request. One instance per request.</summary>
internal sealed class ChatRequestReader(RequestContext context)
{
    private static readonly FrozenSet<string> KnownMembers = new[]
    {
        "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "functions", "function_call", "response_format", "temperature",
        "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed", "logit_bias", "max_tokens", "max_completion_tokens", "stop", "n",
        "reasoning_effort", "logprobs", "top_logprobs", "metadata", "stream", "stream_options", "service_tier", "orchestration", "user",
        "safety_identifier", "prompt_cache_key",
    }.ToFrozenSet();

    /// <summary>True for members that the canonical model holds in fields of its own.</summary>
    public static bool IsKnown(string name) => KnownMembers.Contains(name);

    private readonly ChatRequest _request = new() { Protocol = Protocol.OpenaiChat };
    private readonly ReasoningReader _reasoning = new(context);
    private JsonBag _extensions;
    private JsonElement _functions;
    private JsonElement _functionCall;
    private bool _includeUsage;
    private bool _hasMessages;
    private bool? _logProbabilities;
    private int? _topLogProbabilities;
    private int? _maxTokens;
    private int? _maxCompletionTokens;
    private string _user = "";
    private string _safetyIdentifier = "";

    public ChatRequestDecoding Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return new ChatRequestDecoding.Rejected(RequestFailures.Invalid("invalid_type", "The body must be a JSON object.", ""));

        foreach (var property in root.EnumerateObject())
        {
            ReadMember(property);
            if (context.Failed)
                break;
        }

        Finish();
        return context.Failure is { } failure
            ? new ChatRequestDecoding.Rejected(failure)
            : new ChatRequestDecoding.Decoded(_request, _includeUsage, context.Warnings, _safetyIdentifier.Length > 0 ? _safetyIdentifier : _user);
    }

    private void ReadMember(JsonProperty property)
    {
        var name = property.Name;
        if (property.Value.ValueKind == JsonValueKind.Null && KnownMembers.Contains(name))
            return;
        if (ReadConversation(name, property.Value) || ReadSampling(name, property.Value) || ReadLimits(name, property.Value) || ReadWishes(name, property.Value))
            return;

        if (context.DropsSteering(name))
            return;

        _reasoning.ReadUnknown(name, property.Value);
        if (!context.Failed)
            _extensions.Add(property);
    }

    private bool ReadConversation(string name, JsonElement value)
    {
        switch (name)
        {
            case "model":
                _request.Model = context.Text(value, name, OpenAIRequestLimits.ModelCharacters);
                return true;
            case "messages":
                _hasMessages = true;
                new ChatMessageReader(context).ReadAll(value, _request.Messages);
                return true;
            case "tools":
                ToolReader.ReadTools(context, value, _request.Tools);
                return true;
            case "tool_choice":
                _request.ToolChoice = ToolReader.ReadChoice(context, value);
                return true;
            case "parallel_tool_calls":
                _request.ParallelToolCalls = context.Flag(value, name);
                return true;
            case "functions":
                _functions = value;
                return true;
            case "function_call":
                _functionCall = value;
                return true;
            case "response_format":
                _request.ResponseFormat = ResponseFormatReader.Read(context, value, ref _extensions);
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
                Sampling().Temperature = context.Number(value, name, 0, 2);
                return true;
            case "top_p":
                Sampling().TopP = context.Number(value, name, 0, 1);
                return true;
            case "top_k":
                Sampling().TopK = context.Integer(value, name, -1, int.MaxValue);
                return true;
            case "frequency_penalty":
                Sampling().FrequencyPenalty = context.Number(value, name, -2, 2);
                return true;
            case "presence_penalty":
                Sampling().PresencePenalty = context.Number(value, name, -2, 2);
                return true;
            case "seed":
                if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seed))
                    Sampling().Seed = seed;
                else
                    context.WrongType(name, "a 64-bit integer", value);
                return true;
            case "logit_bias":
                ReadLogitBias(value, Sampling());
                return true;
            default:
                return false;
        }
    }

    private bool ReadLimits(string name, JsonElement value)
    {
        switch (name)
        {
            case "max_tokens":
                _maxTokens = context.Integer(value, name, 1, OpenAIRequestLimits.OutputTokens);
                return true;
            case "max_completion_tokens":
                _maxCompletionTokens = context.Integer(value, name, 1, OpenAIRequestLimits.OutputTokens);
                return true;
            case "stop":
                ReadStop(value);
                return true;
            case "n":
                _request.ChoiceCount = context.Integer(value, name, 1, OpenAIRequestLimits.Choices);
                return true;
            case "logprobs":
                _logProbabilities = context.Flag(value, name);
                return true;
            case "top_logprobs":
                _topLogProbabilities = context.Integer(value, name, 0, OpenAIRequestLimits.TopLogProbabilities);
                return true;
            case "reasoning_effort":
                _reasoning.Effort = context.Text(value, name, 32);
                return true;
            default:
                return false;
        }
    }

    private bool ReadWishes(string name, JsonElement value)
    {
        switch (name)
        {
            case "metadata":
                MetadataReader.Read(context, value, _request.Metadata);
                return true;
            case "stream":
                _request.Stream = context.Flag(value, name);
                return true;
            case "stream_options":
                ReadStreamOptions(value);
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

    private void Finish()
    {
        if (context.Failed)
            return;

        if (_request.Model.Length == 0)
            context.Missing("model");
        if (!_hasMessages)
            context.Missing("messages");
        else if (_request.Messages.Count == 0)
            context.Fail("messages", "empty_array", "Invalid 'messages': empty array. Expected at least one message.");
        if (_topLogProbabilities > 0 && _logProbabilities != true)
            context.Fail("top_logprobs", "invalid_value", "Invalid 'top_logprobs': 'logprobs' must be true when it is given.");

        if ((_maxCompletionTokens ?? _maxTokens) is { } max)
            _request.MaxOutputTokens = max;
        if (_maxTokens is { } old && _maxCompletionTokens is { } now && old != now)
            context.Warn("max_tokens", "parameter_changed", "'max_tokens' was ignored because 'max_completion_tokens' is given too.");
        if (_logProbabilities is { } enabled)
            _request.LogProbabilities = new LogProbabilities { Enabled = enabled, TopCount = _topLogProbabilities ?? 0 };

        ToolReader.ReadLegacy(context, _functions, _functionCall, _request);
        _request.Reasoning = _reasoning.Result;
        _request.Extensions = _extensions.ToString();
    }

    private void ReadStop(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            AddStop(value, "stop");
            return;
        }

        foreach (var item in context.Items(value, "stop", OpenAIRequestLimits.StopSequences))
            AddStop(item, "");
    }

    private void AddStop(JsonElement value, string member)
    {
        var text = context.Text(value, member);
        if (Encoding.UTF8.GetByteCount(text) > OpenAIRequestLimits.StopBytes)
            context.Fail(member, "string_above_max_length", $"Invalid '{context.PathTo(member)}': at most {OpenAIRequestLimits.StopBytes} bytes are allowed.");
        _request.Stop.Add(text);
    }

    private void ReadLogitBias(JsonElement value, Sampling sampling)
    {
        if (!context.IsObject(value, "logit_bias"))
            return;

        context.Enter("logit_bias");
        foreach (var bias in value.EnumerateObject())
            sampling.LogitBias[bias.Name] = context.Number(bias.Value, bias.Name, -100, 100);
        context.Leave();
        if (sampling.LogitBias.Count > OpenAIRequestLimits.LogitBiases)
            context.Fail("logit_bias", "object_above_max_properties", $"Invalid 'logit_bias': at most {OpenAIRequestLimits.LogitBiases} members are allowed.");
    }

    private void ReadStreamOptions(JsonElement value)
    {
        if (!context.IsObject(value, "stream_options"))
            return;

        var others = new JsonBag();
        context.Enter("stream_options");
        foreach (var option in value.EnumerateObject())
        {
            if (option.NameEquals("include_usage"))
                _includeUsage = option.Value.ValueKind != JsonValueKind.Null && context.Flag(option.Value, option.Name);
            else
                others.Add(option);
        }

        context.Leave();
        _extensions.Add("stream_options", others);
    }
}
