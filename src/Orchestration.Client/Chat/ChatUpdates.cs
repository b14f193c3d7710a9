using System.Text;
using Microsoft.Extensions.AI;
using Orchestration.Client.Errors;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Usage = Orchestration.Contracts.Pricing.V1.Usage;

namespace Orchestration.Client.Chat;

/// <summary>Turns the events of one answer into updates; tool calls and refusals are given out whole.</summary>
internal sealed class ChatUpdates(string? requestId, int tries)
{
    private readonly Dictionary<int, OpenPart> _open = [];
    private ResponseStarted? _response;
    private Usage? _usage;
    private Failure? _failure;

    /// <summary>Null when the event has nothing for the caller. Only the first of several answers is told.</summary>
    public ChatResponseUpdate? From(ChatEvent chatEvent) => chatEvent.EventCase switch
    {
        ChatEvent.EventOneofCase.ResponseStarted => Started(chatEvent.ResponseStarted),
        ChatEvent.EventOneofCase.PartStart when chatEvent.PartStart.ChoiceIndex == 0 => Opened(chatEvent.PartStart),
        ChatEvent.EventOneofCase.PartDelta when chatEvent.PartDelta.ChoiceIndex == 0 => Grown(chatEvent.PartDelta),
        ChatEvent.EventOneofCase.PartStop when chatEvent.PartStop.ChoiceIndex == 0 => Closed(chatEvent.PartStop),
        ChatEvent.EventOneofCase.Finish when chatEvent.Finish.ChoiceIndex == 0 =>
            Update(finish: ChatResponses.ToFinishReason(chatEvent.Finish.Reason)),
        ChatEvent.EventOneofCase.Usage => Counted(chatEvent.Usage),
        ChatEvent.EventOneofCase.Error => Failed(chatEvent.Error),
        ChatEvent.EventOneofCase.Summary => Settled(chatEvent.Summary),
        _ => null,
    };

    /// <summary>What is still to be told when the events end without a summary.</summary>
    /// <exception cref="OrchestrationBrokenAnswerException">The answer had broken.</exception>
    public ChatResponseUpdate? Complete() => _failure is null
        ? TakeUsage() is { } usage ? Update(usage) : null
        : throw Broken(OrchestrationFacts.Of(requestId, _response, summary: null));

    private ChatResponseUpdate? Started(ResponseStarted response)
    {
        _response = response;
        return null;
    }

    // What the broken answer cost comes after the failure.
    private ChatResponseUpdate? Failed(Failure failure)
    {
        _failure ??= failure;
        return null;
    }

    private ChatResponseUpdate Settled(Summary summary)
    {
        var facts = OrchestrationFacts.Of(requestId, _response, summary);
        return _failure is null ? Update(TakeUsage(), facts: facts.ToProperties()) : throw Broken(facts);
    }

    private OrchestrationBrokenAnswerException Broken(OrchestrationFacts facts) =>
        new(new FailureFacts(_failure!, requestId, tries, Cause: null), facts);

    private ChatResponseUpdate? Opened(PartStart start)
    {
        _open[start.PartIndex] = new OpenPart(start.Kind, start.ToolCall?.Clone() ?? new ToolCall());
        return null;
    }

    private ChatResponseUpdate? Grown(PartDelta delta)
    {
        if (!_open.TryGetValue(delta.PartIndex, out var part))
            return null;

        switch (part.Kind)
        {
            case PartKind.Text:
                return delta.Text.Length == 0 ? null : Update(new TextContent(delta.Text));
            case PartKind.Reasoning:
                return delta.Text.Length == 0 && delta.Signature.Length == 0 ? null : Update(ChatParts.ToReasoning(delta.Text, delta.Signature));
            default:
                part.Text.Append(delta.Text);
                if (delta.Signature.Length > 0)
                    part.Call.Signature = delta.Signature;
                return null;
        }
    }

    private ChatResponseUpdate? Closed(PartStop stop)
    {
        if (!_open.Remove(stop.PartIndex, out var part))
            return null;

        switch (part.Kind)
        {
            case PartKind.ToolCall:
                part.Call.Arguments += part.Text.ToString();
                return Update(ToolArguments.Read(part.Call));
            case PartKind.Refusal:
                return Update(ChatParts.ToRefusal(part.Text.ToString()));
            default:
                return null;
        }
    }

    // Counts are cumulative while readers of updates add them up, so only the last ones are told.
    private ChatResponseUpdate? Counted(Usage usage)
    {
        _usage = usage;
        return null;
    }

    private UsageContent? TakeUsage()
    {
        var usage = ChatResponses.ToUsage(_usage);
        _usage = null;
        return usage is null ? null : new UsageContent(usage);
    }

    private ChatResponseUpdate Update(AIContent? content = null, ChatFinishReason? finish = null, AdditionalPropertiesDictionary? facts = null) => new()
    {
        Role = ChatRole.Assistant,
        ResponseId = requestId,
        // Properties of an update with a message's id become the message's, and these are the response's.
        MessageId = facts is null ? requestId : null,
        ModelId = _response?.Model,
        CreatedAt = _response?.CreatedAt?.ToDateTimeOffset(),
        Contents = content is null ? [] : [content],
        FinishReason = finish,
        AdditionalProperties = facts,
    };

    private sealed record OpenPart(PartKind Kind, ToolCall Call)
    {
        public StringBuilder Text { get; } = new();
    }
}
