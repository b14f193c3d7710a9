using System.Text;
using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Chat;

/// <summary>Turns the events of one answer into updates; tool calls are given out whole.</summary>
internal sealed class ChatUpdates
{
    private readonly Dictionary<(int Choice, int Part), OpenPart> _open = [];
    private ResponseStarted? _response;

    public ChatResponseUpdate? From(ChatEvent chatEvent) => chatEvent.EventCase switch
    {
        ChatEvent.EventOneofCase.ResponseStarted => Started(chatEvent.ResponseStarted),
        ChatEvent.EventOneofCase.PartStart => Opened(chatEvent.PartStart),
        ChatEvent.EventOneofCase.PartDelta => Grown(chatEvent.PartDelta),
        ChatEvent.EventOneofCase.PartStop => Closed(chatEvent.PartStop),
        ChatEvent.EventOneofCase.Finish => Update(finish: ChatResponses.ToFinishReason(chatEvent.Finish.Reason)),
        ChatEvent.EventOneofCase.Usage => Update(new UsageContent(ChatResponses.ToUsage(chatEvent.Usage)!)),
        ChatEvent.EventOneofCase.Error => throw new OrchestrationException(chatEvent.Error),
        ChatEvent.EventOneofCase.Summary => Update(facts: ChatResponses.Facts(_response, chatEvent.Summary)),
        _ => null,
    };

    private ChatResponseUpdate? Started(ResponseStarted response)
    {
        _response = response;
        return null;
    }

    private ChatResponseUpdate? Opened(PartStart start)
    {
        _open[(start.ChoiceIndex, start.PartIndex)] = new OpenPart(start);
        return null;
    }

    private ChatResponseUpdate? Grown(PartDelta delta)
    {
        if (delta.ChoiceIndex != 0 || !_open.TryGetValue((delta.ChoiceIndex, delta.PartIndex), out var part))
            return null;

        switch (part.Start.Kind)
        {
            case PartKind.ToolCall:
                part.Arguments.Append(delta.Text);
                return null;
            case PartKind.Reasoning:
                return Update(new TextReasoningContent(delta.Text) { ProtectedData = delta.Signature });
            default:
                return delta.Text.Length == 0 ? null : Update(new TextContent(delta.Text));
        }
    }

    private ChatResponseUpdate? Closed(PartStop stop)
    {
        if (!_open.Remove((stop.ChoiceIndex, stop.PartIndex), out var part) || stop.ChoiceIndex != 0 || part.Start.Kind != PartKind.ToolCall)
            return null;

        var call = part.Start.ToolCall;
        return Update(new FunctionCallContent(call.Id, call.Name, ToolArguments.Read(part.Arguments.ToString())));
    }

    private ChatResponseUpdate Update(AIContent? content = null, ChatFinishReason? finish = null, AdditionalPropertiesDictionary? facts = null) => new()
    {
        Role = ChatRole.Assistant,
        ModelId = _response?.Model,
        Contents = content is null ? [] : [content],
        FinishReason = finish,
        AdditionalProperties = facts,
    };

    private sealed record OpenPart(PartStart Start)
    {
        public StringBuilder Arguments { get; } = new();
    }
}
