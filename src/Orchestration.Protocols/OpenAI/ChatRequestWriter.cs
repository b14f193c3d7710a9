using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes the members of a chat request. One instance per request.</summary>
internal sealed class ChatRequestWriter : IDisposable
{
    private static readonly string[] OwnMembers = ["model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens"];

    private readonly ChatRequest _request;
    private readonly OpenAIRequestTarget _target;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly ArrayBufferWriter<byte>? _memberBuffer;
    private readonly Utf8JsonWriter _body;
    // All members but the conversation: aside when rules apply to them, straight into the body otherwise.
    private readonly Utf8JsonWriter _writer;
    private readonly List<Warning> _warnings = [];
    private readonly ExtraMembers _extra;
    private readonly ThinkingWriter _thinking;
    private readonly bool _sameProtocol;
    private readonly bool _streams;

    public ChatRequestWriter(ChatRequest request, OpenAIRequestTarget target)
    {
        _request = request;
        _target = target;
        _body = new Utf8JsonWriter(_buffer, JsonWriting.Options);
        _memberBuffer = target.Rules.Count > 0 ? new ArrayBufferWriter<byte>(512) : null;
        _writer = _memberBuffer is null ? _body : new Utf8JsonWriter(_memberBuffer, JsonWriting.Options);
        _sameProtocol = request.Protocol == Protocol.OpenaiChat;
        _extra = _sameProtocol ? ExtraMembers.Parse(request.Extensions) : default;
        _thinking = new ThinkingWriter(target, request, _extra, _warnings);
        _streams = target.Stream || (target.StreamWhenThinking && _thinking.IsOn);
    }

    public EncodedRequest Write()
    {
        _body.WriteStartObject();
        _body.WriteString("model", _target.Model);
        var messages = new ChatMessageWriter(_body, _target, _warnings, _sameProtocol);
        messages.WriteAll(_request.Messages, SchemaToTell());
        if (_memberBuffer is not null)
            _writer.WriteStartObject();
        WriteTools();
        WriteFormat();
        WriteSampling();
        WriteLimits();
        _thinking.Write(_writer);
        WriteWishes();
        WriteStream();
        WriteExtra();
        if (_memberBuffer is not null)
            WriteByRules(_memberBuffer);
        _body.WriteEndObject();
        _body.Flush();
        return new EncodedRequest(_buffer.WrittenMemory, _warnings) { Streams = _streams, Refused = messages.Refused };
    }

    public void Dispose()
    {
        _writer.Dispose();
        _body.Dispose();
    }

    private void WriteByRules(ArrayBufferWriter<byte> written)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        var members = JsonNode.Parse(written.WrittenSpan, documentOptions: JsonDocuments.Options)!.AsObject();
        new ParameterRules(members, _warnings, _thinking.IsOn, _streams).Apply(_target.Rules);
        foreach (var (name, value) in members)
        {
            _body.WritePropertyName(name);
            if (value is null)
                _body.WriteNullValue();
            else
                value.WriteTo(_body);
        }
    }

    private bool Takes(string member)
    {
        if (!_target.UnsupportedMembers.Contains(member))
            return true;

        Dropped(member, $"The provider does not take '{member}'.");
        return false;
    }

    private void Dropped(string member, string message) =>
        _warnings.Add(new Warning { Code = "parameter_dropped", Param = member, Message = message });

    private void WriteTools()
    {
        var tools = OwnTools();
        if (tools.Count > 0 && Takes("tools"))
            ToolWriter.WriteTools(_writer, tools, _sameProtocol);
        if (_request.ToolChoice is { } choice && IsSayable(choice, tools.Count > 0) && Takes("tool_choice"))
            ToolWriter.WriteChoice(_writer, choice);
        if (_request.HasParallelToolCalls && (_sameProtocol || tools.Count > 0) && Takes("parallel_tool_calls"))
            _writer.WriteBoolean("parallel_tool_calls", _request.ParallelToolCalls);
    }

    // Tools that a provider runs itself mean something to that provider's protocol only.
    private IReadOnlyList<Tool> OwnTools()
    {
        if (_sameProtocol)
            return _request.Tools;
        var own = _request.Tools.Where(tool => tool.Kind is "" or "function" or "custom").ToList();
        if (own.Count < _request.Tools.Count)
            Dropped("tools", "Tools that another provider runs itself were not sent.");
        return own;
    }

    private bool IsSayable(ToolChoice choice, bool hasTools)
    {
        if (_sameProtocol || (hasTools && choice.Mode != ToolChoiceMode.Other))
            return true;
        if (choice.Mode is not (ToolChoiceMode.None or ToolChoiceMode.Auto or ToolChoiceMode.Unspecified))
            Dropped("tool_choice", "The provider does not know this form of 'tool_choice', or none of its tools was sent.");
        return false;
    }

    private void WriteFormat()
    {
        if (_request.ResponseFormat is not { } format || _extra.Has("response_format") || format.Kind == ResponseFormatKind.Unspecified || !Takes("response_format"))
            return;

        var kind = KindFor(format.Kind);
        if (kind != format.Kind)
            _warnings.Add(new Warning { Code = "parameter_changed", Param = "response_format", Message = Downgraded(kind) });
        if (kind != format.Kind && kind == ResponseFormatKind.Text)
            return;
        _writer.WriteStartObject("response_format");
        _writer.WriteString("type", kind switch
        {
            ResponseFormatKind.JsonObject => "json_object",
            ResponseFormatKind.JsonSchema => "json_schema",
            _ => "text",
        });
        if (kind == ResponseFormatKind.JsonSchema)
            WriteSchema(format);
        _writer.WriteEndObject();
    }

    private ResponseFormatKind KindFor(ResponseFormatKind wanted)
    {
        var strictest = _target.ResponseFormat switch
        {
            "text" => ResponseFormatKind.Text,
            "json_object" => ResponseFormatKind.JsonObject,
            _ => ResponseFormatKind.JsonSchema,
        };
        return wanted > strictest ? strictest : wanted;
    }

    private string Downgraded(ResponseFormatKind kind)
    {
        var rest = kind == ResponseFormatKind.JsonObject ? "The provider holds answers to JSON, not to a schema" : "The provider holds answers to no format";
        return SchemaToTell().Length > 0 ? rest + "; the schema was told in words." : rest + ".";
    }

    // A schema that the provider does not know of would be lost without a word.
    private string SchemaToTell()
    {
        var isLost = _request.ResponseFormat is { Kind: ResponseFormatKind.JsonSchema } && KindFor(ResponseFormatKind.JsonSchema) != ResponseFormatKind.JsonSchema;
        return isLost && _target.SchemaInPrompt ? _request.ResponseFormat.Schema : "";
    }

    private void WriteSchema(ResponseFormat format)
    {
        _writer.WriteStartObject("json_schema");
        _writer.WriteString("name", format.SchemaName);
        if (format.SchemaDescription.Length > 0)
            _writer.WriteString("description", format.SchemaDescription);
        if (format.Schema.Length > 0)
            JsonWriting.WriteJson(_writer, "schema", format.Schema);
        if (format.HasStrict)
            _writer.WriteBoolean("strict", format.Strict);
        _writer.WriteEndObject();
    }

    private void WriteSampling()
    {
        if (_request.Sampling is not { } sampling)
            return;

        WriteNumber("temperature", sampling.HasTemperature, sampling.Temperature);
        WriteNumber("top_p", sampling.HasTopP, sampling.TopP);
        if (sampling.HasTopK && Takes("top_k"))
            _writer.WriteNumber("top_k", sampling.TopK);
        WriteNumber("frequency_penalty", sampling.HasFrequencyPenalty, sampling.FrequencyPenalty);
        WriteNumber("presence_penalty", sampling.HasPresencePenalty, sampling.PresencePenalty);
        if (sampling.HasSeed && Takes("seed"))
            _writer.WriteNumber("seed", sampling.Seed);
        if (sampling.LogitBias.Count == 0 || !Takes("logit_bias"))
            return;

        _writer.WriteStartObject("logit_bias");
        foreach (var (token, bias) in sampling.LogitBias)
            _writer.WriteNumber(token, bias);
        _writer.WriteEndObject();
    }

    private void WriteNumber(string member, bool given, double value)
    {
        if (!given)
            return;
        // JSON has no form for it.
        if (!double.IsFinite(value))
            Dropped(member, $"'{member}' is not a finite number.");
        else if (!(IsDefault(member, value) && _target.UnsupportedMembers.Contains(member)) && Takes(member))
            _writer.WriteNumber(member, value);
    }

    private static bool IsDefault(string member, double value) => member is "frequency_penalty" or "presence_penalty" && value == 0;

    private void WriteLimits()
    {
        var max = _request.HasMaxOutputTokens ? _request.MaxOutputTokens : _target.DefaultMaxOutputTokens;
        if (!_request.HasMaxOutputTokens && max is not null)
            _warnings.Add(new Warning { Code = "default_max_output", Param = _target.MaxTokensField, Message = $"No output limit was given; {max} tokens were sent." });
        if (max > _target.MaxOutputTokens)
        {
            _warnings.Add(new Warning { Code = "parameter_clamped", Param = _target.MaxTokensField, Message = $"The model's output limit is {_target.MaxOutputTokens} tokens; {max} were asked for." });
            max = _target.MaxOutputTokens;
        }

        if (max is { } tokens)
            _writer.WriteNumber(_target.MaxTokensField, tokens);
        WriteStop();
        var asksForDefault = _request.ChoiceCount == 1 && _target.UnsupportedMembers.Contains("n");
        if (_request.HasChoiceCount && !asksForDefault && Takes("n"))
            _writer.WriteNumber("n", _request.ChoiceCount);
        if (_request.LogProbabilities is not { } probabilities || !Takes("logprobs"))
            return;

        _writer.WriteBoolean("logprobs", probabilities.Enabled);
        if (probabilities.TopCount > 0)
            _writer.WriteNumber("top_logprobs", probabilities.TopCount);
    }

    private void WriteStop()
    {
        if (_request.Stop.Count == 0 || !Takes("stop"))
            return;

        _writer.WriteStartArray("stop");
        foreach (var stop in _request.Stop)
            _writer.WriteStringValue(stop);
        _writer.WriteEndArray();
    }

    private void WriteWishes()
    {
        if (_request.Metadata.Count > 0 && Takes("metadata"))
        {
            _writer.WriteStartObject("metadata");
            foreach (var (key, value) in _request.Metadata)
                _writer.WriteString(key, value);
            _writer.WriteEndObject();
        }

        if (_request.ServiceTier.Length > 0 && Takes("service_tier"))
            _writer.WriteString("service_tier", _request.ServiceTier);
        if (_request.PromptCacheKey.Length > 0 && Takes("prompt_cache_key"))
            _writer.WriteString("prompt_cache_key", _request.PromptCacheKey);
        if (_request.EndUser.Length > 0 && _target.EndUserField.Length > 0)
            _writer.WriteString(_target.EndUserField, _request.EndUser);
    }

    private void WriteStream()
    {
        if (!_streams)
            return;

        _writer.WriteBoolean("stream", true);
        var options = _extra.Nested("stream_options");
        if (!_target.IncludeUsage && !options.Members.Any())
            return;

        _writer.WriteStartObject("stream_options");
        if (_target.IncludeUsage)
            _writer.WriteBoolean("include_usage", true);
        options.Write(_writer, "include_usage");
        _writer.WriteEndObject();
    }

    private void WriteExtra()
    {
        if (!_sameProtocol && _request.Extensions.Length > 0)
            Dropped("extensions", "Members of another protocol were not sent.");

        foreach (var member in _extra.Members)
        {
            if (SteeringMembers.Contains(member.Name))
                Dropped(member.Name, $"'{member.Name}' cannot be set by a client.");
            else if (!IsWritten(member.Name) && !_thinking.Replaces(member.Name) && Takes(member.Name))
                ExtraMembers.Write(_writer, member);
        }
    }

    // An extensions string that a client wrote itself must not repeat a member: a reader could take either of the two.
    private bool IsWritten(string name) =>
        OwnMembers.Contains(name) || name == _target.EndUserField || (ChatRequestReader.IsKnown(name) && name != "response_format");
}
