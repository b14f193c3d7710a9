using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Ollama;

/// <summary>Writes the members of an <c>/api/chat</c> request. One instance per request.</summary>
internal sealed class OllamaRequestWriter : IDisposable
{
    private static readonly FrozenSet<string> OwnMembers =
        new[] { "model", "messages", "tools", "format", "options", "stream", "think" }.ToFrozenSet();

    private readonly ChatRequest _request;
    private readonly OllamaRequestTarget _target;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;
    private readonly EncodingWarnings _warnings = new();
    private readonly bool _sameProtocol;
    private readonly ExtraMembers _extra;

    public OllamaRequestWriter(ChatRequest request, OllamaRequestTarget target)
    {
        _request = request;
        _target = target;
        _writer = new Utf8JsonWriter(_buffer, JsonWriting.Options);
        _sameProtocol = request.Protocol == Protocol.Ollama;
        _extra = ExtraMembers.Parse(request.Extensions);
    }

    public EncodedRequest Write()
    {
        _writer.WriteStartObject();
        _writer.WriteString("model", _target.Model);
        new OllamaMessageWriter(_writer, _warnings).WriteAll(_request.Messages);
        WriteTools();
        WriteFormat();
        new OllamaOptionsWriter(_writer, _request, _target, _warnings).Write(_sameProtocol ? _extra.Nested("options") : default);
        WriteThink();
        _writer.WriteBoolean("stream", _target.Stream);
        var remainder = new RequestRemainder(_request, _sameProtocol, OwnMembers, _warnings);
        remainder.DropLabels();
        DropWishes();
        remainder.WriteAll(_writer, _extra);
        _writer.WriteEndObject();
        _writer.Flush();
        return new EncodedRequest(_buffer.WrittenMemory, _warnings.All) { Refused = _warnings.Refused };
    }

    public void Dispose() => _writer.Dispose();

    private void WriteTools()
    {
        // Without tools none can be called, which is what the caller asks for.
        var mode = _request.ToolChoice?.Mode ?? ToolChoiceMode.Auto;
        if (_request.Tools.Count == 0 || mode == ToolChoiceMode.None)
            return;

        if (mode is ToolChoiceMode.Required or ToolChoiceMode.Named or ToolChoiceMode.Other)
            _warnings.Dropped("tool_choice", "The provider cannot be made to call a tool.");
        if (_request is { HasParallelToolCalls: true, ParallelToolCalls: false })
            _warnings.Dropped("parallel_tool_calls", "The provider cannot be kept from calling several tools in one turn.");
        var functions = _request.Tools.Where(tool => tool.Kind is "" or "function").ToList();
        foreach (var tool in _request.Tools.Where(tool => tool.Kind is not ("" or "function")))
            _warnings.Dropped("tools", $"The provider does not know tools of the kind '{tool.Kind}'.");
        if (functions.Exists(tool => tool.Strict))
            _warnings.Dropped("tools.strict", "The provider does not hold arguments to their schema.");

        _writer.WriteStartArray("tools");
        foreach (var tool in functions)
            WriteTool(tool);
        _writer.WriteEndArray();
    }

    private void WriteTool(Tool tool)
    {
        _writer.WriteStartObject();
        _writer.WriteString("type", "function");
        _writer.WriteStartObject("function");
        _writer.WriteString("name", tool.Name);
        _writer.WriteString("description", tool.Description);
        JsonWriting.WriteJson(_writer, "parameters", tool.Parameters.Length > 0 ? tool.Parameters : """{"type":"object","properties":{}}""");
        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }

    private void WriteFormat()
    {
        switch (_request.ResponseFormat?.Kind)
        {
            case ResponseFormatKind.JsonSchema when _request.ResponseFormat.Schema.Length > 0:
                JsonWriting.WriteJson(_writer, "format", _request.ResponseFormat.Schema);
                break;
            case ResponseFormatKind.JsonSchema or ResponseFormatKind.JsonObject:
                _writer.WriteString("format", "json");
                break;
        }
    }

    private void WriteThink()
    {
        if (_request.Reasoning is not { } reasoning)
            return;
        if (reasoning is { Effort: "none" } or { HasEnabled: true, Enabled: false } or { HasBudgetTokens: true, BudgetTokens: 0 })
        {
            _writer.WriteBoolean("think", false);
            return;
        }

        if (reasoning.HasBudgetTokens)
            _warnings.Dropped("reasoning", "The provider takes no thinking budget.");
        var name = _target.Model[(_target.Model.LastIndexOf('/') + 1)..];
        if (reasoning.Effort.Length > 0 && _target.ThinkLevelPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            WriteLevel(reasoning.Effort);
            return;
        }

        if (reasoning.Effort.Length > 0)
            _warnings.Changed("reasoning_effort", "The model's thinking can only be turned on and off; it was turned on.");
        _writer.WriteBoolean("think", true);
    }

    private void WriteLevel(string effort)
    {
        var level = effort switch { "minimal" => "low", "xhigh" or "max" => "high", _ => effort };
        if (level != effort)
            _warnings.Changed("reasoning_effort", $"The model does not know the thinking level '{effort}'; '{level}' was sent.");
        _writer.WriteString("think", level);
    }

    private void DropWishes()
    {
        if (_request.PromptCacheKey.Length > 0)
            _warnings.Dropped("prompt_cache_key", "The provider does not take 'prompt_cache_key'.");
        if (_request.ChoiceCount > 1)
            _warnings.Dropped("n", "The provider gives one answer only.");
        if (_request.LogProbabilities is { Enabled: true })
            _warnings.Dropped("logprobs", "The provider does not take 'logprobs'.");
    }
}
