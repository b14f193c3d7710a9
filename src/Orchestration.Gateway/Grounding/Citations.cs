using System.Text;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Grounding;

/// <summary>Listens to a grounded answer and tells at its end what it rests on.</summary>
internal sealed class Citations(GroundedQuestion question)
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<int> _textParts = [];

    /// <summary>Takes the next event; returns the one that goes before it, or null.</summary>
    public ChatEvent? Before(ChatEvent chatEvent)
    {
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.PartStart when chatEvent.PartStart is { ChoiceIndex: 0, Kind: PartKind.Text }:
                _textParts.Add(chatEvent.PartStart.PartIndex);
                return null;
            case ChatEvent.EventOneofCase.PartDelta when chatEvent.PartDelta.ChoiceIndex == 0 && _textParts.Contains(chatEvent.PartDelta.PartIndex):
                _text.Append(chatEvent.PartDelta.Text);
                return null;
            case ChatEvent.EventOneofCase.Summary:
                return new ChatEvent { Grounded = Build() };
            default:
                return null;
        }
    }

    private Grounded Build()
    {
        var grounded = new Grounded
        {
            Collection = question.Wish.Collection,
            Question = question.Question,
            Found = question.Found,
            Sources = { question.Sources },
        };
        CitationReader.Read(_text.ToString(), grounded);
        return grounded;
    }
}
