using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Ollama;

/// <summary>Ollama's own API: no key, errors of one member, streams of JSON lines.</summary>
internal sealed class OllamaDialect : WireDialect
{
    public static readonly OllamaDialect Instance = new();

    private const int IdLength = 16;

    public override string StreamType => "application/x-ndjson";

    public override string NewId(ref StableRandom random) => "ollama-" + AnswerIds.Letters(ref random, IdLength);

    public override ErrorAnswer Refuse(Vendor vendor, WireProblem problem) => new(problem.Status, Compose(problem.Message));

    public override ErrorAnswer Fail(Vendor vendor, int status, double? retryAfter = null) => new(status, Compose(status switch
    {
        400 => "invalid request",
        401 => "unauthorized",
        404 => "model \"unknown\" not found, try pulling it first",
        429 => "too many requests",
        503 => "server busy, please try again.  maximum pending requests exceeded",
        _ => "llama runner process has terminated: exit status 2",
    }));

    public static byte[] Compose(string message)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("error"u8, message);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
