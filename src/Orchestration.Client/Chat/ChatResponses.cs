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
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. (first?.Message?.Parts ?? []).Select(ChatParts.To).OfType<AIContent>()]))
        {
            ResponseId = completion.RequestId,
            ModelId = completion.Response?.Model,
            CreatedAt = completion.Response?.CreatedAt?.ToDateTimeOffset(),
            FinishReason = first?.Finish is { } finish ? ToFinishReason(finish.Reason) : null,
            Usage = ToUsage(completion.Usage),
            AdditionalProperties = Facts(completion.Response, completion.Summary),
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
        };
    }

    public static ChatFinishReason ToFinishReason(FinishReason reason) => reason switch
    {
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        FinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop,
    };

    public static AdditionalPropertiesDictionary Facts(ResponseStarted? response, Summary? summary)
    {
        var facts = new AdditionalPropertiesDictionary();
        if (response is not null)
        {
            facts["orchestration.provider"] = response.Provider;
            facts["orchestration.route"] = response.Route;
            facts["orchestration.simulated"] = response.Simulated;
            facts["orchestration.warnings"] = response.Warnings.Select(w => w.Message).ToArray();
        }

        if (summary is not null)
        {
            facts["orchestration.cost"] = summary.Cost?.Amount;
            facts["orchestration.currency"] = summary.Cost?.Currency;
            facts["orchestration.attempts"] = summary.Attempts.Count;
        }

        return facts;
    }
}
