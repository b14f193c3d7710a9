using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Decodes a <c>message</c> object of a Messages endpoint.</summary>
public static class AnthropicResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    public static ChatResponseDecoding Decode(ReadOnlySpan<byte> body, AnthropicDecodingOptions? options = null)
    {
        options ??= AnthropicDecodingOptions.Default;
        var answer = new AnswerReader(options);
        var events = new List<ChatEvent>();
        var failure = Read(ProviderBody.Trim(body), answer, options, events);
        ChatResponseDecoding decoding = failure is null ? new ChatResponseDecoding.Decoded(events) : new ChatResponseDecoding.Failed(failure);
        return decoding with
        {
            Reported = answer.Reported,
            Usage = answer.Usage,
            UsageSuspect = answer.UsageSuspect,
            OutputSize = answer.Blocks.Parts.Size,
        };
    }

    private static Failure? Read(ReadOnlySpan<byte> body, AnswerReader answer, AnthropicDecodingOptions options, List<ChatEvent> events)
    {
        if (body.IsEmpty)
            return ProviderFailures.Protocol("The provider's answer is empty.");

        try
        {
            var reader = new Utf8JsonReader(JsonText.Repair(body), new JsonReaderOptions { MaxDepth = JsonDocuments.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (reader.Read())
                return ProviderFailures.Protocol("The provider's answer holds more than one document.");
            if (root.Text("type") == "error" || root.Member("error").ValueKind == JsonValueKind.Object)
                return AnthropicErrorDecoder.Decode(200, body, default, options.Errors);
            return root.Member("content").ValueKind == JsonValueKind.Array
                ? ReadMessage(root, answer, events)
                : ProviderFailures.Protocol("The provider's answer is not a message.");
        }
        catch (JsonException)
        {
            return ProviderFailures.Protocol("The provider's answer is not valid JSON.");
        }
    }

    private static Failure? ReadMessage(JsonElement root, AnswerReader answer, List<ChatEvent> events)
    {
        answer.Start(default);
        answer.ReadUsage(root.Member("usage"));
        answer.Reported.ProviderResponseId = root.Text("id");
        answer.Reported.ReportedModel = root.Text("model");
        foreach (var (index, block) in root.Items("content").Index())
        {
            if (answer.Blocks.Start(index, block, answer.Reported.ProviderResponseId, events) is { } failure)
                return failure;
            answer.Blocks.Stop(index, events);
        }

        answer.ReadStop(root);
        if (answer.StopReason.Length == 0)
            return ProviderFailures.Truncated();
        if (FinishReasons.FailureOf(answer.StopReason) is { } failed)
            return failed;

        answer.Finish(events);
        return null;
    }
}
