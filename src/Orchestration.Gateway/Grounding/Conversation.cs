using System.Text;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Grounding;

/// <summary>The spoken text of the last turns of a conversation.</summary>
internal sealed class Conversation
{
    private const int MostTurns = 8;
    private const int LongestTurn = 1_000;

    private readonly List<(Role Speaker, string Text)> _turns = [];

    private Conversation()
    {
    }

    public static Conversation Of(ChatRequest request)
    {
        var conversation = new Conversation();
        foreach (var message in request.Messages)
        {
            if (message.Role is Role.User or Role.Assistant && TextOf(message) is { Length: > 0 } text)
                conversation._turns.Add((message.Role, text.Length > LongestTurn ? text[..LongestTurn] : text));
        }

        conversation._turns.RemoveRange(0, Math.Max(0, conversation._turns.Count - MostTurns));
        return conversation;
    }

    /// <summary>The last question behind the one before it, which often names what it is about.</summary>
    public string LastTwoQuestions() => string.Join('\n', _turns.FindAll(turn => turn.Speaker == Role.User).TakeLast(2).Select(turn => turn.Text));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (speaker, said) in _turns)
            text.Append(speaker == Role.User ? "Person: " : "Assistant: ").AppendLine(said);
        return text.ToString();
    }

    private static string TextOf(Message message) =>
        string.Join('\n', message.Parts.Where(part => part.ContentCase == Part.ContentOneofCase.Text).Select(part => part.Text.Text_));
}
