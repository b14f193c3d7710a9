using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Ollama;

/// <summary>Decodes a plain <c>/api/chat</c> answer, which is the only line of a stream.</summary>
public static class OllamaResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    /// <param name="body">Body as received.</param>
    /// <param name="errorCodes">The vendor's own error codes; null when it has none.</param>
    public static ChatResponseDecoding Decode(ReadOnlySpan<byte> body, IReadOnlyDictionary<string, FailureClass>? errorCodes = null)
    {
        var decoder = new OllamaStreamDecoder(errorCodes);
        var events = new List<ChatEvent>();
        decoder.Decode(new SseEvent("", ProviderBody.Trim(body).ToArray(), IsComment: false), events);
        decoder.Complete(events);
        ChatResponseDecoding decoding = decoder.Failure is { } failure
            ? new ChatResponseDecoding.Failed(failure)
            : new ChatResponseDecoding.Decoded(events);
        return decoding with
        {
            Reported = decoder.Reported,
            Usage = decoder.Usage,
            UsageSuspect = decoder.UsageSuspect,
            OutputSize = decoder.OutputSize,
        };
    }
}
