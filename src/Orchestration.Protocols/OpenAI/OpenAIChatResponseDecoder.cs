using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes a <c>chat.completion</c> object of an OpenAI-compatible provider.</summary>
public static class OpenAIChatResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status. Blank lines before the object, sent as keep-alive, are skipped.</summary>
    public static ChatResponseDecoding Decode(ReadOnlySpan<byte> body, OpenAIStreamOptions? options = null)
    {
        body = ProviderBody.Trim(body);
        if (body.IsEmpty)
            return new ChatResponseDecoding.Failed(ProviderFailures.Protocol("The provider's answer is empty."));

        var decoder = new OpenAIChatStreamDecoder(options);
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
