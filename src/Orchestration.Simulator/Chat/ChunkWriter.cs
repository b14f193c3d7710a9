using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Tokens;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>Writes stream chunks: the constant part is encoded once per response.</summary>
internal sealed class ChunkWriter
{
    private const string Padding = "a8ZkQ2mX";
    private readonly ResponseBody _body;
    private readonly ChatExchange _exchange;
    private readonly byte[] _head;
    private readonly bool _nullUsage;
    private readonly bool _obfuscated;

    public ChunkWriter(ResponseBody body, ChatExchange exchange)
    {
        _body = body;
        _exchange = exchange;
        var vendor = exchange.Vendor;
        _nullUsage = vendor.Dialect == Dialect.DeepSeek || (vendor.Usage == UsagePlacement.Extra && exchange.Request.IncludeUsage);
        _obfuscated = vendor.Dialect == Dialect.OpenAI && exchange.Request.Obfuscate;
        var head = new ArrayBufferWriter<byte>(256);
        head.WriteText($"data: {{\"id\":\"{exchange.Entry.Id}\",\"object\":\"chat.completion.chunk\",\"created\":{exchange.Created},\"model\":\"");
        head.WriteEscaped(exchange.Model);
        head.WriteText(vendor.Dialect == Dialect.OpenAI
            ? "\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulated\",\"choices\":["
            : "\",\"system_fingerprint\":\"fp_simulated\",\"choices\":[");
        _head = head.WrittenSpan.ToArray();
    }

    /// <summary>Starts the chunk of a choice; the delta follows.</summary>
    public void Begin(int choice)
    {
        _body.Write(_head);
        _body.Write("{\"index\":"u8);
        WriteNumber(choice);
        _body.Write(",\"delta\":"u8);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _body.Write(bytes);

    public void Escaped(ReadOnlySpan<char> text) => _body.WriteEscaped(text);

    public void WriteNumber(int number)
    {
        var span = _body.GetSpan(11);
        System.Buffers.Text.Utf8Formatter.TryFormat(number, span, out var written);
        _body.Advance(written);
    }

    /// <summary>Ends the chunk of a choice that goes on.</summary>
    public void End(int size = 0)
    {
        _body.Write(",\"logprobs\":null,\"finish_reason\":null}]"u8);
        EndChunk(null, size);
    }

    public void EndWithLogprobs(TokenizedText text, int token)
    {
        _body.Write(",\"logprobs\":"u8);
        using (var json = new Utf8JsonWriter(_body, WireJson.Options))
            LogprobsJson.Write(json, text, token, 1);
        _body.Write(",\"finish_reason\":null}]"u8);
        EndChunk(null, 0);
    }

    /// <summary>Ends the last chunk of a choice.</summary>
    public void Finish(string? reason, Answer? usage)
    {
        _body.Write(",\"logprobs\":null,\"finish_reason\":"u8);
        if (reason is null)
        {
            _body.Write("null}]"u8);
        }
        else
        {
            _body.Write("\""u8);
            _body.WriteText(reason);
            _body.Write("\"}]"u8);
        }
        EndChunk(usage, 0);
    }

    public void WriteUsageChunk(Answer answer)
    {
        _body.Write(_head);
        _body.Write("]"u8);
        EndChunk(answer, -1);
    }

    public void WriteDone() => _body.Write("data: [DONE]\n\n"u8);

    private void EndChunk(Answer? usage, int size)
    {
        if (usage is not null)
        {
            _body.Write(",\"usage\":"u8);
            using var json = new Utf8JsonWriter(_body, WireJson.Options);
            UsageJson.Write(json, _exchange.Vendor.Dialect, usage);
        }
        else if (_nullUsage)
        {
            _body.Write(",\"usage\":null"u8);
        }
        if (_obfuscated)
        {
            _body.Write(",\"obfuscation\":\""u8);
            _body.WriteText(size < 0 ? "" : Padding.AsSpan(0, Padding.Length - size % Padding.Length));
            _body.Write("\""u8);
        }
        _body.Write("}\n\n"u8);
    }
}
