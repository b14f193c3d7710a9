using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Embeddings;

/// <summary>MiniMax's native API: what goes wrong in the business is told under status 200.</summary>
internal sealed class MiniMaxDialect : WireDialect
{
    public static readonly MiniMaxDialect Instance = new();

    private const int IdLength = 32;

    public override string NewId(ref StableRandom random) => AnswerIds.Letters(ref random, IdLength).ToLowerInvariant();

    public override ErrorAnswer Refuse(Vendor vendor, WireProblem problem) => new(200, Compose(2013, "invalid params, " + problem.Message));

    public override ErrorAnswer Fail(Vendor vendor, int status, double? retryAfter = null) => status switch
    {
        400 or 404 => new(200, Compose(2013, "invalid params")),
        401 => new(200, Compose(2049, "invalid api key")),
        402 => new(200, Compose(1008, "insufficient balance")),
        429 => new(200, Compose(1002, "rate limit exceeded(RPM)")),
        _ => new(status, Compose(1000, "unknown error, 500 (1000)")),
    };

    public override byte[] FailInside(Vendor vendor) => Compose(1000, "unknown error");

    public static void WriteStatus(Utf8JsonWriter json, int code, string message)
    {
        json.WriteStartObject("base_resp"u8);
        json.WriteNumber("status_code"u8, code);
        json.WriteString("status_msg"u8, message);
        json.WriteEndObject();
    }

    private static byte[] Compose(int code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteNull("vectors"u8);
            json.WriteNumber("total_tokens"u8, 0);
            WriteStatus(json, code, message);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
