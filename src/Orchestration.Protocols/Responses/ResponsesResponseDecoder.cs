using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Decodes a <c>response</c> object.</summary>
public static class ResponsesResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    public static ChatResponseDecoding Decode(ReadOnlySpan<byte> body, ResponsesDecodingOptions? options = null)
    {
        var answer = new ResponsesAnswer(options ?? ResponsesDecodingOptions.Default);
        var events = new List<ChatEvent>();
        var failure = Read(ProviderBody.Trim(body), answer, events);
        ChatResponseDecoding decoding = failure is null ? new ChatResponseDecoding.Decoded(events) : new ChatResponseDecoding.Failed(failure);
        return decoding with
        {
            Reported = answer.Reported,
            Usage = answer.Usage,
            UsageSuspect = answer.UsageSuspect,
            OutputSize = answer.Items.Parts.Size,
        };
    }

    private static Failure? Read(ReadOnlySpan<byte> body, ResponsesAnswer answer, List<ChatEvent> events)
    {
        if (body.IsEmpty)
            return ProviderFailures.Protocol("The provider's answer is empty.");
        using var document = WireText.Parse(body);
        if (document is null)
            return ProviderFailures.Protocol("The provider's answer is not valid JSON.");

        var root = document.RootElement;
        if (root.TryGet("output", out var output) && output.ValueKind == JsonValueKind.Array)
            return answer.End(root, "", events);
        if (root.ValueKind == JsonValueKind.Object && answer.ErrorIn(root) is { } failure)
            return failure;
        return ProviderFailures.Protocol("The provider's answer is not a response.");
    }
}
