using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Anthropic;

/// <summary>Checks that roles alternate as they must and that every tool call is answered, and nothing else is.</summary>
internal static class MessageOrder
{
    public static void Check(JsonElement messages, bool thinks)
    {
        var turns = Merge(messages);
        if (turns[0].Role != "user")
            throw new WireRefusalException("messages: first message must use the \"user\" role");
        for (var i = 0; i < turns.Count; i++)
        {
            var asked = i > 0 ? Ids(turns[i - 1], "tool_use", "id") : [];
            foreach (var (id, block) in Ids(turns[i], "tool_result", "tool_use_id"))
            {
                if (asked.All(call => call.Id != id))
                    throw new WireRefusalException($"messages.{turns[i].Index}.content.{block}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
            }
            var answered = i + 1 < turns.Count ? Ids(turns[i + 1], "tool_result", "tool_use_id") : [];
            var open = Ids(turns[i], "tool_use", "id").Where(call => answered.All(result => result.Id != call.Id)).Select(call => call.Id).ToList();
            if (open.Count > 0)
                throw new WireRefusalException($"messages.{turns[i].Index}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", open)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
        }
        if (thinks)
            CheckThinkingFirst(turns);
    }

    /// <summary>A thinking model wants the thinking in front of the calls whose results it is given.</summary>
    private static void CheckThinkingFirst(List<Turn> turns)
    {
        if (turns.Count < 2 || Ids(turns[^1], "tool_result", "tool_use_id").Count == 0)
            return;
        var first = turns[^2].Blocks[0].Text("type");
        if (first is not ("thinking" or "redacted_thinking"))
            throw new WireRefusalException($"messages.{turns[^2].Index}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{first}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.");
    }

    /// <summary>Consecutive messages of one role are one turn.</summary>
    private static List<Turn> Merge(JsonElement messages)
    {
        var turns = new List<Turn>();
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.Text("role");
            if (role is not ("user" or "assistant"))
                throw new WireRefusalException(role == "system"
                    ? "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role."
                    : $"messages.{index}.role: Input should be 'user' or 'assistant'");
            var content = message.Member("content") ?? throw new WireRefusalException($"messages.{index}.content: Field required");
            var blocks = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToList() : [];
            if (turns.Count > 0 && turns[^1].Role == role)
                turns[^1].Blocks.AddRange(blocks);
            else
                turns.Add(new Turn(role, index, blocks));
            index++;
        }
        return turns;
    }

    private static List<(string Id, int Block)> Ids(Turn turn, string type, string member) =>
        [.. turn.Blocks.Select((block, at) => (Block: block, At: at)).Where(item => item.Block.Text("type") == type)
            .Select(item => (item.Block.Text(member) ?? "", item.At))];

    private sealed record Turn(string Role, int Index, List<JsonElement> Blocks);
}
