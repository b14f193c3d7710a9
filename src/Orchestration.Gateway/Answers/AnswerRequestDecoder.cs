using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Grounding;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Answers;

/// <summary>Reads a question to a collection as a grounded chat request.</summary>
internal static class AnswerRequestDecoder
{
    private const string DefaultModel = "auto";

    public static ChatRequestDecoding Decode(ReadOnlyMemory<byte> body, string collection)
    {
        AnswerBody? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize(body.Span, AnswerJsonContext.Default.AnswerBody);
        }
        catch (JsonException exception)
        {
            return Refuse("invalid_json", "The body is not the JSON object that this endpoint takes.", exception.Path?.TrimStart('$', '.') ?? "");
        }

        if (parsed is null)
            return Refuse("invalid_json", "The body is not the JSON object that this endpoint takes.");
        return Check(parsed) is { } refused ? new ChatRequestDecoding.Rejected(refused) : Decode(parsed, collection);
    }

    private static ChatRequestDecoding.Decoded Decode(AnswerBody body, string collection)
    {
        var request = new ChatRequest
        {
            Model = body.Model ?? DefaultModel,
            Stream = body.Stream,
            Grounding = new Contracts.Chat.V1.Grounding
            {
                Collection = collection,
                Limit = body.Limit,
                ContextTokens = body.ContextTokens,
                PlainFollowUps = body.PlainFollowUps,
                NotFoundAnswer = body.NotFoundAnswer ?? "",
            },
        };
        if (body.MaxTokens is { } maxTokens)
            request.MaxOutputTokens = maxTokens;
        if (body.Temperature is { } temperature)
            request.Sampling = new Sampling { Temperature = temperature };
        if (!string.IsNullOrEmpty(body.Instructions))
            request.Messages.Add(GroundedPrompt.Turn(Role.System, body.Instructions));
        if (body.Question is { } question)
            request.Messages.Add(GroundedPrompt.Turn(Role.User, question));
        foreach (var turn in body.Messages ?? [])
            request.Messages.Add(GroundedPrompt.Turn(turn.Role == "user" ? Role.User : Role.Assistant, turn.Content));
        return new ChatRequestDecoding.Decoded(request, IncludeUsage: true, [], body.User ?? "");
    }

    private static Failure? Check(AnswerBody body)
    {
        if ((body.Question is null) == (body.Messages is null))
            return Failures.Invalid("invalid_question", "Send either a question or messages.", "question");
        if (body.Question is not null && string.IsNullOrWhiteSpace(body.Question))
            return Failures.Invalid("invalid_question", "The question is empty.", "question");
        if (body.Messages is { } turns && (turns.Count == 0 || turns.Any(turn => turn is not { Role: "user" or "assistant" }) || turns[^1].Role != "user"))
            return Failures.Invalid("invalid_messages", "Turns are of 'user' and 'assistant', and the last one is the user's.", "messages");
        if (body.Model?.Length is 0 or > OpenAIRequestLimits.ModelCharacters)
            return Failures.Invalid("invalid_model", "The model name has 1 to 256 characters.", "model");
        if (body.MaxTokens is < 1 or > OpenAIRequestLimits.OutputTokens)
            return Failures.Invalid("invalid_max_tokens", "The output limit must be 1 or more.", "max_tokens");
        return body.Temperature is < 0 or > 2 ? Failures.Invalid("invalid_temperature", "The temperature is 0 to 2.", "temperature") : null;
    }

    private static ChatRequestDecoding.Rejected Refuse(string code, string message, string param = "") => new(Failures.Invalid(code, message, param));
}
