using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Encodes a complete answer for a client of OpenAI's Responses. The protocol has one answer, so further choices are not written.</summary>
public static class ResponsesResponseEncoder
{
    /// <summary>Writes a <c>response</c> object.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="completion">The answer.</param>
    /// <param name="echo">Members of the request that the answer repeats, from its decoding.</param>
    /// <param name="facts">What the gateway tells; null tells nothing.</param>
    /// <param name="model">Name of the model that the client is shown.</param>
    public static void Write(IBufferWriter<byte> output, ChatCompletion completion, string echo, OrchestrationFacts? facts, string model)
    {
        var choice = completion.Choices.FirstOrDefault() ?? new Choice();
        var response = new ResponseObject(completion.RequestId, echo)
        {
            Model = model,
            Usage = completion.Usage,
            Facts = facts,
            ServiceTier = completion.Response?.ServiceTier ?? "",
        };
        if (completion.Response?.CreatedAt is { } createdAt)
            response.CreatedAt = createdAt.Seconds;
        response.End(choice.Finish ?? new Finish());
        AddItems(response, choice, MessageWriting.OriginOf(completion.Response));
        using var json = new Utf8JsonWriter(output, JsonWriting.Options);
        response.Write(json, withItems: true);
    }

    private static void AddItems(ResponseObject response, Choice choice, string origin)
    {
        var message = choice.Message ?? new Message();
        foreach (var kept in ResponseExtensions.KeptItems(message.Extensions))
            response.Items.Add(new ResponseItem("", "kept") { Kept = kept });
        foreach (var part in message.Parts)
            Add(response, part, origin);
        foreach (var item in response.Items)
            item.Status = ResponseItem.Completed;
        if (response.Items is [.., { Type: "message" } last])
            last.Status = response.Status;
        if (response.Items.SelectMany(item => item.Texts).FirstOrDefault(text => !text.IsRefusal) is not { } first)
            return;
        first.Annotations.AddRange(ResponseExtensions.Annotations(message.Extensions));
        first.Probabilities.AddRange(ResponseExtensions.Probabilities(choice.LogProbabilities));
    }

    private static void Add(ResponseObject response, Part part, string origin)
    {
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Text when part.Text.Text_.Length > 0:
                AddText(response, part.Text.Text_, isRefusal: false);
                break;
            case Part.ContentOneofCase.Refusal when part.Refusal.Text.Length > 0:
                AddText(response, part.Refusal.Text, isRefusal: true);
                break;
            case Part.ContentOneofCase.Reasoning:
                var reasoning = part.Reasoning;
                var item = response.Add("reasoning");
                item.Body.Append(reasoning.Text);
                item.Encrypted = SignatureOrigin.Wrap(
                    reasoning.Signature.Length > 0 ? reasoning.Signature : reasoning.Redacted,
                    reasoning.Origin.Length > 0 ? reasoning.Origin : origin);
                break;
            case Part.ContentOneofCase.ToolCall:
                response.Add(part.ToolCall).Body.Append(part.ToolCall.Arguments);
                break;
        }
    }

    private static void AddText(ResponseObject response, string text, bool isRefusal)
    {
        var item = response.Items is [.., { Type: "message" } last] ? last : response.Add("message");
        var content = new ResponseText(isRefusal);
        content.Text.Append(text);
        item.Texts.Add(content);
    }
}
