using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>
/// Brings a conversation into the protocol's form: instructions apart, user and assistant in turn, user first,
/// every call answered in the next turn before anything else is said there, nothing empty.
/// </summary>
internal sealed class ConversationBuilder(EncodingContext context)
{
    private readonly BlockReader _reader = new(context);
    private readonly List<Block> _system = [];
    private readonly List<Turn> _turns = [];

    public Conversation Build()
    {
        var messages = context.Request.Messages;
        for (var i = 0; i < messages.Count; i++)
            Add(messages[i], i);

        DropBlanks();
        BeginWithUser();
        new ToolPairing(context).Apply(_turns);
        AdjustThinking();
        return new Conversation([.. _system.Where(block => !block.IsBlank)], _turns);
    }

    private void Add(Message message, int index)
    {
        var blocks = _reader.Read(message, index);
        if (message.Role is Role.System or Role.Developer)
        {
            AddInstructions(blocks, index);
            return;
        }

        var isUser = message.Role != Role.Assistant;
        if (isUser && blocks.TrueForAll(block => block.IsBlank))
            context.Refuse($"messages[{index}].content", "The provider takes no message of a user that says nothing.");
        Append(isUser, blocks);
    }

    private void AddInstructions(List<Block> blocks, int index)
    {
        var isLeading = _turns.Count == 0;
        foreach (var block in blocks)
        {
            if (block is not Block.Text text)
                context.Dropped($"messages[{index}]", "Instructions may hold text only.");
            else if (isLeading)
                _system.Add(text);
            else
                Append(isUser: true, [text with { Value = $"<system-instruction>\n{text.Value}\n</system-instruction>" }]);
        }

        if (!isLeading && blocks.Count > 0)
            context.Changed($"messages[{index}]", "The provider takes instructions before the conversation only; this one was sent as marked text of the user.");
    }

    private void Append(bool isUser, List<Block> blocks)
    {
        if (blocks.Count == 0)
            return;
        if (_turns.Count > 0 && _turns[^1].IsUser == isUser)
            _turns[^1].Blocks.AddRange(blocks);
        else
            _turns.Add(new Turn(isUser, blocks));
    }

    // White space alone is refused; beside other blocks it is fine.
    private void DropBlanks()
    {
        for (var i = _turns.Count - 1; i >= 0; i--)
        {
            if (!_turns[i].Blocks.TrueForAll(block => block.IsBlank))
                continue;
            _turns.RemoveAt(i);
            if (i > 0 && i < _turns.Count)
            {
                _turns[i - 1].Blocks.AddRange(_turns[i].Blocks);
                _turns.RemoveAt(i);
            }
        }
    }

    private void BeginWithUser()
    {
        if (_turns.Count == 0 && _system.Count > 0)
        {
            context.Changed("messages", "The provider takes no conversation without a message of the user; the last instruction was sent as one.");
            _turns.Add(new Turn(IsUser: true, [_system[^1]]));
            _system.RemoveAt(_system.Count - 1);
        }
        else if (_turns.Count > 0 && !_turns[0].IsUser)
        {
            context.Changed("messages[0]", "The provider wants the user to speak first; a turn of the user was put before the conversation.");
            _turns.Insert(0, new Turn(IsUser: true, [new Block.Text("(The conversation begins with the assistant.)")]));
        }
        else if (_turns.Count == 0)
        {
            context.Refuse("messages", "The conversation says nothing.");
        }
    }

    private void AdjustThinking()
    {
        if (_turns.Count == 0)
            return;
        if (context.Thinking.IsOn && !_turns[^1].IsUser)
            SwitchThinkingOff("The provider does not think when the answer's beginning is given.");
        else if (context.Thinking.Type == "enabled" && LastAssistant() is { } last && last.Blocks.Exists(block => block is Block.ToolUse) && last.Blocks[0] is not (Block.Thinking or Block.Redacted))
            SwitchThinkingOff("The provider does not go on thinking after tool calls whose own thinking is not at hand.");
    }

    private void SwitchThinkingOff(string message)
    {
        context.Dropped("reasoning", message);
        context.Thinking = context.Thinking with { Type = "disabled" };
    }

    private Turn? LastAssistant() => _turns.Count > 1 && _turns[^1].IsUser && _turns[^1].Blocks.Exists(block => block is Block.ToolResult) ? _turns[^2] : null;
}
