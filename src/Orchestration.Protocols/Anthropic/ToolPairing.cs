namespace Orchestration.Protocols.Anthropic;

/// <summary>Sees to it that every call has its result in the next turn and every result its call in the turn before, results first.</summary>
internal sealed class ToolPairing(EncodingContext context)
{
    public void Apply(List<Turn> turns)
    {
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].IsUser)
                Pair(i > 0 ? CallsOf(turns[i - 1]) : [], turns[i]);
            else if (i + 1 == turns.Count && CallsOf(turns[i]).Count > 0)
                turns.Add(new Turn(IsUser: true, []));
        }
    }

    private static List<string> CallsOf(Turn turn) => [.. turn.Blocks.OfType<Block.ToolUse>().Select(call => call.Id)];

    private void Pair(List<string> open, Turn turn)
    {
        var results = new List<Block>();
        var others = new List<Block>();
        foreach (var block in turn.Blocks)
        {
            if (block is not Block.ToolResult result)
                others.Add(block);
            else if (open.Remove(result.Id))
                results.Add(result);
            else
                others.AddRange(AsText(result));
        }

        foreach (var missing in open)
        {
            context.Changed("messages", "A tool call had no result; one that says so was sent.");
            results.Add(new Block.ToolResult(missing, [new Block.Text("No result was recorded for this call.")], IsError: true, IsPlain: true));
        }

        turn.Blocks.Clear();
        turn.Blocks.AddRange(results);
        turn.Blocks.AddRange(others);
    }

    private IEnumerable<Block> AsText(Block.ToolResult result)
    {
        context.Changed("messages", "A tool's result had no call in the turn before; it was sent as text.");
        return [new Block.Text($"[result of the earlier tool call {result.Id}]"), .. result.Content.Where(block => block is not Block.Text { Value: "" })];
    }
}
