using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>Writes the members of a Responses request. One instance per request.</summary>
internal sealed class ResponsesRequestWriter : IDisposable
{
    private static readonly FrozenSet<string> Own = new[]
    {
        "model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "include", "max_output_tokens", "store", "stream",
        "temperature", "top_p", "top_logprobs", "metadata", "service_tier", "prompt_cache_key", "safety_identifier", "user",
    }.ToFrozenSet();

    // They point to what an earlier request left with the provider, or leave the answer there.
    private static readonly FrozenSet<string> Stateful = new[] { "previous_response_id", "conversation", "background", "prompt" }.ToFrozenSet();

    // Members that OpenAI's two protocols share.
    private static readonly FrozenSet<string> Shared = new[] { "prompt_cache_retention" }.ToFrozenSet();

    private readonly ChatRequest _request;
    private readonly ResponsesRequestTarget _target;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;
    private readonly EncodingWarnings _warnings = new();
    private readonly ExtraMembers _extra;
    private readonly bool _sameProtocol;

    public ResponsesRequestWriter(ChatRequest request, ResponsesRequestTarget target)
    {
        _request = request;
        _target = target;
        _writer = new Utf8JsonWriter(_buffer, JsonWriting.Options);
        _extra = ExtraMembers.Parse(request.Extensions);
        _sameProtocol = request.Protocol == Protocol.OpenaiResponses;
    }

    public EncodedRequest Write()
    {
        _writer.WriteStartObject();
        _writer.WriteString("model", _target.Model);
        new ResponsesInputWriter(_writer, _target, _warnings, _sameProtocol).Write(_request.Messages);
        new ResponsesToolWriter(_writer, _target, _warnings, _request).Write();
        WriteText();
        var reasoning = new ResponsesReasoningWriter(_target, _request.Reasoning, _warnings);
        reasoning.Write(_writer);
        var options = new ResponsesOptionsWriter(_request, _target, _warnings);
        options.Write(_writer, reasoning.IsOn);
        WriteInclude(reasoning.GivesContent, options.HasLogProbabilities);
        _writer.WriteBoolean("store", false);
        if (_target.Stream)
            _writer.WriteBoolean("stream", true);
        WriteExtra();
        _writer.WriteEndObject();
        _writer.Flush();
        return new EncodedRequest(_buffer.WrittenMemory, _warnings.All) { Refused = _warnings.Refused };
    }

    public void Dispose() => _writer.Dispose();

    private void WriteText()
    {
        var own = _sameProtocol ? _extra.Nested("text") : default;
        var hasVerbosity = own.TryGet("verbosity", out var verbosity) || _extra.TryGet("verbosity", out verbosity);
        var format = _request.ResponseFormat is { Kind: ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema } given ? given : null;
        if (format is not null && _target.UnsupportedMembers.Contains("response_format"))
        {
            _warnings.Dropped("response_format", "The provider does not take 'response_format'.");
            format = null;
        }

        if (format is null && !hasVerbosity)
            return;

        _writer.WriteStartObject("text");
        if (format is not null)
            WriteFormat(format);
        if (hasVerbosity)
            JsonWriting.WriteJson(_writer, "verbosity", verbosity.GetRawText());
        _writer.WriteEndObject();
    }

    private void WriteFormat(ResponseFormat format)
    {
        _writer.WriteStartObject("format");
        _writer.WriteString("type", format.Kind == ResponseFormatKind.JsonObject ? "json_object" : "json_schema");
        if (format.Kind == ResponseFormatKind.JsonSchema)
        {
            _writer.WriteString("name", format.SchemaName.Length > 0 ? format.SchemaName : "answer");
            if (format.SchemaDescription.Length > 0)
                _writer.WriteString("description", format.SchemaDescription);
            JsonWriting.WriteJson(_writer, "schema", format.Schema.Length > 0 ? format.Schema : "{}");
            if (format.HasStrict)
                _writer.WriteBoolean("strict", format.Strict);
        }

        _writer.WriteEndObject();
    }

    private void WriteInclude(bool reasoning, bool logProbabilities)
    {
        if (!reasoning && !logProbabilities)
            return;
        _writer.WriteStartArray("include");
        if (reasoning)
            _writer.WriteStringValue("reasoning.encrypted_content");
        if (logProbabilities)
            _writer.WriteStringValue("message.output_text.logprobs");
        _writer.WriteEndArray();
    }

    private void WriteExtra()
    {
        var remainder = new RequestRemainder(_request, _sameProtocol, Own, _warnings);
        foreach (var member in _extra.Members)
        {
            if (_sameProtocol && Stateful.Contains(member.Name))
                _warnings.Dropped(member.Name, $"'{member.Name}' needs something that is kept at the provider.");
            else if (!_sameProtocol && Shared.Contains(member.Name))
                ExtraMembers.Write(_writer, member);
            else if (_sameProtocol || !IsUnderstood(member))
                remainder.Write(_writer, member);
        }
    }

    // Chat's members whose meaning stands elsewhere in the request, or that mean nothing here.
    private static bool IsUnderstood(JsonProperty member) =>
        member.Name == "verbosity" || (member.Name == "store" && member.Value.ValueKind != JsonValueKind.True);
}
