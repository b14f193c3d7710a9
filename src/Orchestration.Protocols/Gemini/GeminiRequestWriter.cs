using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Gemini;

/// <summary>Writes the members of a generateContent request. One instance per request.</summary>
internal sealed class GeminiRequestWriter : IDisposable
{
    private static readonly string[] OwnMembers =
    [
        "model", "contents", "systemInstruction", "system_instruction", "tools", "toolConfig", "tool_config", "generationConfig", "generation_config", "stream",
    ];

    // Vendors' switches for reasoning are unknown members of other protocols; their meaning stands in the canonical fields.
    private static readonly FrozenSet<string> Understood =
        new[] { "reasoning", "thinking", "enable_thinking", "thinking_budget", "stream_options", "output_config" }.ToFrozenSet();

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
        DropWishes();
        WriteExtra();
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
        if (_request.Metadata.Count > 0)
            _warnings.Dropped("metadata", "The provider does not take 'metadata'.");
        if (_request.ServiceTier.Length > 0 && _request.ServiceTier is not ("auto" or "default"))
            _warnings.Dropped("service_tier", "The provider does not take 'service_tier'.");
        if (_request.PromptCacheKey.Length > 0)
            _warnings.Dropped("prompt_cache_key", "The provider does not take 'prompt_cache_key'; it caches prefixes by itself.");
    }

    private void WriteExtra()
    {
        foreach (var member in _extra.Members)
        {
            if (SteeringMembers.Contains(member.Name))
                _warnings.Dropped(member.Name, $"'{member.Name}' cannot be set by a client.");
            else if (!_sameProtocol && !IsUnderstood(member.Name))
                _warnings.Dropped(member.Name, $"'{member.Name}' is not known to the provider's protocol.");
            else if (_sameProtocol && !OwnMembers.Contains(member.Name))
                ExtraMembers.Write(_writer, member);
        }
    }

    // A shape of the answer with unknown members is kept whole beside what is known of it.
    private bool IsUnderstood(string name) => Understood.Contains(name) || (name == "response_format" && _request.ResponseFormat is not null);
}
