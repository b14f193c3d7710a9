using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>Writes the members of a generateContent request. One instance per request.</summary>
internal sealed class GeminiRequestWriter : IDisposable
{
    private static readonly FrozenSet<string> OwnMembers = new[]
    {
        "model", "contents", "systemInstruction", "system_instruction", "tools", "toolConfig", "tool_config", "generationConfig", "generation_config", "stream",
    }.ToFrozenSet();

    private readonly ChatRequest _request;
    private readonly GeminiRequestTarget _target;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;
    private readonly EncodingWarnings _warnings = new();
    private readonly bool _sameProtocol;
    private readonly ExtraMembers _extra;

    public GeminiRequestWriter(ChatRequest request, GeminiRequestTarget target)
    {
        _request = request;
        _target = target;
        _writer = new Utf8JsonWriter(_buffer, JsonWriting.Options);
        _sameProtocol = request.Protocol == Protocol.Gemini;
        _extra = ExtraMembers.Parse(request.Extensions);
    }

    public EncodedRequest Write()
    {
        _writer.WriteStartObject();
        var conversation = GeminiConversation.Read(_request.Messages, _target, _sameProtocol, _warnings);
        new GeminiContentWriter(_writer, _target, _warnings, _sameProtocol).Write(conversation);
        var hasTools = WriteTools();
        new GeminiConfigWriter(_writer, _request, _target, _warnings, _sameProtocol ? _extra : default).Write(hasTools);
        var remainder = new RequestRemainder(_request, _sameProtocol, OwnMembers, _warnings);
        remainder.DropLabels();
        DropWishes();
        remainder.WriteAll(_writer, _extra);
        _writer.WriteEndObject();
        _writer.Flush();
        return new EncodedRequest(_buffer.WrittenMemory, _warnings.All) { Refused = _warnings.Refused };
    }

    public void Dispose() => _writer.Dispose();

    private bool WriteTools()
    {
        var tools = new GeminiToolWriter(_writer, _target, _warnings, _sameProtocol);
        var hasTools = tools.WriteTools(_request.Tools);
        tools.WriteChoice(_request, hasTools, _sameProtocol ? _extra.Nested("toolConfig") : default);
        if (_request is { HasParallelToolCalls: true, ParallelToolCalls: false } && hasTools)
            _warnings.Dropped("parallel_tool_calls", "The provider cannot be kept from calling several tools in one turn.");
        return hasTools;
    }

    private void DropWishes()
    {
        if (_request.PromptCacheKey.Length > 0)
            _warnings.Dropped("prompt_cache_key", "The provider does not take 'prompt_cache_key'; it caches prefixes by itself.");
    }
}
