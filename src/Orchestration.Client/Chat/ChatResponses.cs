using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;
using Usage = Orchestration.Contracts.Pricing.V1.Usage;

namespace Orchestration.Client.Chat;

/// <summary>Answers of the canonical model in Microsoft.Extensions.AI.</summary>
internal static class ChatResponses
{
    /// <summary>The first answer; further ones stand in the <see cref="ChatCompletion"/> behind <see cref="ChatResponse.RawRepresentation"/>.</summary>
    public static ChatResponse From(ChatCompletion completion)
    {
        var first = completion.Choices.MinBy(choice => choice.Index);
        var facts = OrchestrationFacts.Of(completion.RequestId, completion.Response, completion.Summary);
        // On the message too: a tool loop keeps the messages of its requests, but the properties of the last one only.
        var message = new ChatMessage(ChatRole.Assistant, [.. (first?.Message?.Parts ?? []).Select(ChatParts.To).OfType<AIContent>()])
        {
            MessageId = facts.RequestId,
            AdditionalProperties = facts.ToProperties(),
        };
        return new ChatResponse(message)
        {
            ResponseId = facts.RequestId,
            ModelId = completion.Response?.Model,
            CreatedAt = completion.Response?.CreatedAt?.ToDateTimeOffset(),
            FinishReason = first?.Finish is { } finish ? ToFinishReason(finish.Reason) : null,
            Usage = ToUsage(completion.Usage),
            AdditionalProperties = facts.ToProperties(),
            RawRepresentation = completion,
        };
    }

    public static UsageDetails? ToUsage(Usage? usage)
    {
        if (usage is null)
            return null;

        var input = usage.TotalInput();
        var output = usage.TotalOutput();
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = usage.CacheReadTokens,
            ReasoningTokenCount = usage.ReasoningTokens,
            AdditionalCounts = CacheWrites(usage),
        };
    }

    public static ChatFinishReason ToFinishReason(FinishReason reason) => reason switch
    {
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        FinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop,
    };

    private static AdditionalPropertiesDictionary<long>? CacheWrites(Usage usage) => usage.CacheWriteTokens + usage.CacheWrite1HTokens is > 0 and var written
        ? new AdditionalPropertiesDictionary<long> { [OrchestrationProperties.CacheWriteTokens] = written }
        : null;
}
