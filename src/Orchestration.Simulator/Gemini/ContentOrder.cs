using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Gemini;

/// <summary>Checks roles, that every turn of function calls is answered as a whole, and that signatures come back.</summary>
internal static class ContentOrder
{
    /// <summary>What Google accepts in place of a signature for history of other models.</summary>
    private static readonly string[] Sentinels = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"];

    public static void Check(JsonElement contents, bool signs, string vendor)
    {
        var turns = contents.EnumerateArray().ToList();
        // Without a role a content is the user's.
        if (turns.Any(turn => turn.Text("role") is not (null or "user" or "model" or "function")))
            throw new WireRefusalException("Please use a valid role: user, model.");
        for (var i = 0; i < turns.Count; i++)
        {
            var calls = Count(turns[i], "functionCall");
            var answers = Count(turns[i], "functionResponse");
            if (calls > 0 && (i == 0 || turns[i - 1].Text("role") == "model"))
                throw new WireRefusalException("Please ensure that function call turn comes immediately after a user turn or after a function response turn.");
            if (answers > 0 && (i == 0 || Count(turns[i - 1], "functionCall") == 0))
                throw new WireRefusalException("Please ensure that function response turn comes immediately after a function call turn.");
            if (answers > 0 && answers != Count(turns[i - 1], "functionCall"))
                throw new WireRefusalException("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");
            if (answers > 0)
                CheckNames(turns[i - 1], turns[i]);
        }
        if (signs)
            CheckSignatures(turns, vendor);
    }

    private static void CheckNames(JsonElement calls, JsonElement answers)
    {
        var asked = Parts(calls).Select(part => part.Member("functionCall")?.Text("name")).Where(name => name is not null).ToHashSet();
        foreach (var part in Parts(answers))
        {
            if (part.Member("functionResponse") is { } answer && !asked.Contains(answer.Text("name")))
                throw new WireRefusalException("* GenerateContentRequest.contents.parts.function_response.name: Name cannot be empty or differ from its function call.\n");
        }
    }

    /// <summary>Only the current turn is checked: what follows the last words of the user.</summary>
    private static void CheckSignatures(List<JsonElement> turns, string vendor)
    {
        var start = turns.FindLastIndex(turn => turn.Text("role") != "model" && Count(turn, "functionResponse") == 0);
        for (var i = start + 1; i < turns.Count; i++)
        {
            var first = Parts(turns[i]).FirstOrDefault(part => part.Member("functionCall") is not null);
            if (first.ValueKind != JsonValueKind.Object)
                continue;
            if (first.Text("thoughtSignature") is not { Length: > 0 } signature)
                throw new WireRefusalException($"Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:{first.Member("functionCall")?.Text("name")}` , position {i + 1}.");
            if (!Sentinels.Contains(signature) && !ReasoningSeal.IsGenuine(vendor, signature))
                throw new WireRefusalException("Thought signature is not valid.");
        }
    }

    private static int Count(JsonElement content, string member) => Parts(content).Count(part => part.Member(member) is not null);

    private static JsonElement.ArrayEnumerator Parts(JsonElement content) =>
        content.Member("parts") is { ValueKind: JsonValueKind.Array } parts ? parts.EnumerateArray() : default;
}
