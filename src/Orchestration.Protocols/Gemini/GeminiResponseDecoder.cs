using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Gemini;

/// <summary>Decodes a GenerateContentResponse, or the list of chunks that a stream without <c>alt=sse</c> gives.</summary>
public static class GeminiResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    /// <param name="body">Body as received.</param>
    /// <param name="errors">What is known of the vendor's errors; null when it has none of its own.</param>
    /// <param name="origin">"provider/model" that answers: it goes with the signatures. Empty tells none.</param>
    public static ChatResponseDecoding Decode(ReadOnlySpan<byte> body, ProviderErrorRules? errors = null, string origin = "")
    {
        body = ProviderBody.Trim(body);
        if (body.IsEmpty)
            return new ChatResponseDecoding.Failed(ProviderFailures.Protocol("The provider's answer is empty."));

        var decoder = new GeminiStreamDecoder(1, errors, origin);
        var events = new List<ChatEvent>();
        decoder.DecodeWhole(body, events);
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
