using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Writes the members of a Messages request. One instance per request.</summary>
internal sealed class MessagesRequestWriter : IDisposable
{
    private readonly EncodingContext _context;
    private readonly Conversation _conversation;
    private readonly ChatRequest _request;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;
    private readonly BlockWriter _blocks;
    private readonly ExtraMembers _extra;

    public MessagesRequestWriter(EncodingContext context, Conversation conversation)
    {
        (_context, _conversation, _request) = (context, conversation, context.Request);
        _writer = new Utf8JsonWriter(_buffer, JsonWriting.Options);
        _blocks = new BlockWriter(_writer, context);
        _extra = ExtraMembers.Parse(_request.Extensions);
    }

    public ReadOnlyMemory<byte> Write()
    {
        _writer.WriteStartObject();
        _writer.WriteString("model", _context.Target.Model);
        _writer.WriteNumber("max_tokens", _context.MaxTokens);
        if (_context.Target.Stream)
            _writer.WriteBoolean("stream", true);
        new MessagesToolWriter(_writer, _context, _blocks).Write();
        WriteSystem();
        WriteMessages();
        WriteThinking();
        WriteOutput();
        new SamplingWriter(_writer, _context).Write();
        WriteStop();
        WriteWishes();
        WriteExtra();
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _writer.Dispose();

    private void WriteSystem()
    {
        var blocks = _conversation.System.ToList();
        if (Instruction() is { } instruction)
            blocks.Add(new Block.Text(instruction));
        if (blocks.Count > 0)
            _blocks.WriteAll("system", blocks);
    }

    private string? Instruction()
    {
        var format = _request.ResponseFormat;
        if (format is null || _context.SchemaTool || format.Kind is ResponseFormatKind.Text or ResponseFormatKind.Unspecified)
            return null;
        if (format.Kind == ResponseFormatKind.JsonSchema && _context.Rules.JsonSchema)
            return null;

        _context.Changed("response_format", "The provider was asked for JSON by an instruction; it does not enforce it.");
        const string Wish = "Answer with one JSON object only, without any other text and without a code fence.";
        return format.Kind == ResponseFormatKind.JsonSchema ? $"{Wish} It must fit this JSON schema:\n{format.Schema}" : Wish;
    }

    private void WriteMessages()
    {
        _writer.WriteStartArray("messages");
        foreach (var turn in _conversation.Turns)
        {
            _writer.WriteStartObject();
            _writer.WriteString("role", turn.IsUser ? "user" : "assistant");
            _blocks.WriteAll("content", turn.Blocks);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    private void WriteThinking()
    {
        if (_context.Thinking.Type.Length == 0)
            return;

        _writer.WriteStartObject("thinking");
        _writer.WriteString("type", _context.Thinking.Type);
        if (_context.Thinking.Type == "enabled")
            _writer.WriteNumber("budget_tokens", _context.Thinking.Budget);
        if (_context is { SameProtocol: true, Thinking.IsOn: true })
            _extra.Nested("thinking").Write(_writer, "type", "budget_tokens");
        else if (_context.Thinking.Type == "adaptive" && _request.Reasoning is { Summary.Length: > 0 })
            _writer.WriteString("display", "summarized");
        _writer.WriteEndObject();
    }

    private void WriteOutput()
    {
        var hasFormat = _request.ResponseFormat is { Kind: ResponseFormatKind.JsonSchema } && _context.Rules.JsonSchema;
        var own = _context.SameProtocol ? _extra.Nested("output_config") : default;
        if (!hasFormat && _context.Thinking.Effort.Length == 0 && !own.Members.Any())
            return;

        _writer.WriteStartObject("output_config");
        if (_context.Thinking.Effort.Length > 0)
            _writer.WriteString("effort", _context.Thinking.Effort);
        if (hasFormat)
        {
            _writer.WriteStartObject("format");
            _writer.WriteString("type", "json_schema");
            JsonWriting.WriteJson(_writer, "schema", _request.ResponseFormat!.Schema.Length > 0 ? _request.ResponseFormat.Schema : """{"type":"object"}""");
            _writer.WriteEndObject();
        }

        own.Write(_writer, "effort", "format");
        _writer.WriteEndObject();
    }

    private void WriteStop()
    {
        var sequences = _request.Stop.Where(stop => !string.IsNullOrWhiteSpace(stop)).ToList();
        if (sequences.Count < _request.Stop.Count)
            _context.Dropped("stop", "The provider takes no stop sequence of white space only.");
        if (sequences.Count == 0)
            return;

        _writer.WriteStartArray("stop_sequences");
        foreach (var stop in sequences)
            _writer.WriteStringValue(stop);
        _writer.WriteEndArray();
    }

    private void WriteWishes()
    {
        if (_request.EndUser.Length > 0)
        {
            _writer.WriteStartObject("metadata");
            _writer.WriteString("user_id", _request.EndUser);
            _writer.WriteEndObject();
        }

        if (_request.Metadata.Count > 0)
            _context.Dropped("metadata", "The provider takes no metadata.");
        if (_request.PromptCacheKey.Length > 0)
            _context.Dropped("prompt_cache_key", "The provider knows no cache key.");
        if (_request.ServiceTier is "auto" or "standard_only" or "default")
            _writer.WriteString("service_tier", _request.ServiceTier == "default" ? "standard_only" : _request.ServiceTier);
        else if (_request.ServiceTier.Length > 0)
            _context.Dropped("service_tier", "The provider has no such service tier.");
    }

    private void WriteExtra()
    {
        foreach (var member in _extra.Members)
        {
            if (_context.Warnings.DropsSteering(member.Name) || MessagesRequestReader.IsKnown(member.Name) || IsUnderstood(member.Name))
                continue;
            else if (_context.SameProtocol)
                ExtraMembers.Write(_writer, member);
            else
                _context.Dropped(member.Name, $"The provider does not take '{member.Name}'.");
        }
    }

    // Their meaning stands in fields of the canonical request.
    private static bool IsUnderstood(string name) => name is "reasoning" or "enable_thinking" or "thinking_budget" or "stream_options";
}
