using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Gemini;

/// <summary>
/// The conversation in the order that generateContent wants: instructions apart, sides alternating, the user first.
/// Only parts that can be sent are in it.
/// </summary>
internal sealed class GeminiConversation
{
    private const string Opening = "(The assistant speaks first.)";

    private readonly GeminiRequestTarget _target;
    private readonly bool _sameProtocol;
    private readonly EncodingWarnings _warnings;

    private GeminiConversation(GeminiRequestTarget target, bool sameProtocol, EncodingWarnings warnings) =>
        (_target, _sameProtocol, _warnings) = (target, sameProtocol, warnings);

    /// <summary>Parts of the leading system messages.</summary>
    public List<TurnPart> Instructions { get; } = [];

    public List<GeminiTurn> Turns { get; } = [];

    public static GeminiConversation Read(RepeatedField<Message> messages, GeminiRequestTarget target, bool sameProtocol, EncodingWarnings warnings)
    {
        var conversation = new GeminiConversation(target, sameProtocol, warnings);
        for (var i = 0; i < messages.Count; i++)
            conversation.Add(messages[i], i);
        conversation.BeginWithUser();
        return conversation;
    }

    private void Add(Message message, int index)
    {
        if (message.Name.Length > 0 && message.Role is Role.User or Role.Assistant)
            _warnings.Dropped($"messages[{index}].name", "The provider does not take names of participants.");

        var isSystem = message.Role is not (Role.User or Role.Assistant or Role.Tool);
        if (isSystem && Turns.Count > 0)
            _warnings.Changed($"messages[{index}]", "Instructions within the conversation were sent as the user's.");
        var isLeading = isSystem && Turns.Count == 0;
        var isModel = message.Role == Role.Assistant;
        var signature = isModel ? Replay(ThoughtSignatures.In(message.Extensions), index) : "";
        var lastText = signature.Length == 0 ? -1 : message.Parts.ToList().FindLastIndex(part => part.ContentCase == Part.ContentOneofCase.Text && part.Text.Text_.Length > 0);
        for (var i = 0; i < message.Parts.Count; i++)
        {
            var part = new TurnPart(message.Parts[i], index, i == lastText ? signature : OwnSignature(message, message.Parts[i], index));
            if (IsSent(part, isModel))
                ListFor(part.Part, isLeading, isModel).Add(part);
        }

        if (signature.Length > 0 && lastText < 0)
            TurnOf(isModel).Parts.Add(new TurnPart(new Part { Text = new Text() }, index, signature));
    }

    private List<TurnPart> ListFor(Part part, bool isLeading, bool isModel)
    {
        if (isLeading)
            return Instructions;
        var turn = TurnOf(isModel);
        return part.ContentCase == Part.ContentOneofCase.ToolResult ? turn.Results : turn.Parts;
    }

    private GeminiTurn TurnOf(bool isModel)
    {
        if (Turns.Count == 0 || Turns[^1].IsModel != isModel)
            Turns.Add(new GeminiTurn(isModel));
        return Turns[^1];
    }

    private bool IsSent(TurnPart turnPart, bool isModel)
    {
        var (part, index, signature) = turnPart;
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Text:
                return part.Text.Text_.Length > 0 || signature.Length > 0;
            case Part.ContentOneofCase.Refusal:
                return part.Refusal.Text.Length > 0;
            case Part.ContentOneofCase.Reasoning:
                return IsSent(part.Reasoning, index);
            case Part.ContentOneofCase.ToolCall when isModel:
                return true;
            case Part.ContentOneofCase.ToolResult when !isModel:
                return true;
            case Part.ContentOneofCase.Image or Part.ContentOneofCase.File or Part.ContentOneofCase.Audio:
                return GeminiMedia.Of(part) is not null || Refused(index);
            case Part.ContentOneofCase.None when _sameProtocol && part.Extensions.Length > 0:
                return true;
            default:
                return Dropped(index, "A part that the provider's protocol does not know was not sent.");
        }
    }

    private bool IsSent(ReasoningPart reasoning, int index)
    {
        if (IsOurs(reasoning))
            return reasoning.Text.Length > 0 || reasoning.Signature.Length > 0;
        if (reasoning.Text.Length + reasoning.Signature.Length + reasoning.Redacted.Length > 0)
            _warnings.DroppedReasoning($"messages[{index}]", reasoning, "Earlier reasoning was not sent: the provider takes only its own.");
        return false;
    }

    private bool IsOurs(ReasoningPart reasoning) =>
        reasoning.Origin == _target.Origin || (reasoning.Origin.Length == 0 && _sameProtocol);

    private string OwnSignature(Message message, Part part, int index)
    {
        if (part.ContentCase == Part.ContentOneofCase.Reasoning)
            return IsOurs(part.Reasoning) ? part.Reasoning.Signature : "";
        if (part.ContentCase == Part.ContentOneofCase.Text)
            return _sameProtocol ? Replay(ThoughtSignatures.In(part.Extensions), index) : "";
        if (part.ContentCase != Part.ContentOneofCase.ToolCall)
            return "";

        var (signature, origin) = ThoughtSignatures.In(part.Extensions);
        if (part.ToolCall.Signature.Length > 0)
            signature = part.ToolCall.Signature;
        if (origin.Length == 0 && message.Parts.FirstOrDefault(other => other.ContentCase == Part.ContentOneofCase.Reasoning) is { } reasoning)
            origin = reasoning.Reasoning.Origin;
        return Replay((signature, origin), index);
    }

    // A signature without an origin comes from a client that began its conversation at the provider itself.
    private string Replay((string Signature, string Origin) found, int index)
    {
        if (found.Signature.Length == 0 || found.Origin.Length == 0 || found.Origin == _target.Origin)
            return found.Signature;
        Dropped(index, "A signature of an earlier turn was not sent: another model made it.");
        return "";
    }

    // An answer about a picture that the model never saw would be worse than none.
    private bool Refused(int index)
    {
        _warnings.Refuse($"messages[{index}]", "The provider takes pictures, files and recordings by value or from addresses that it can read.");
        return false;
    }

    private bool Dropped(int index, string message)
    {
        _warnings.Dropped($"messages[{index}]", message);
        return false;
    }

    private void BeginWithUser()
    {
        if (Turns.Count == 0 && Instructions.Count > 0)
        {
            _warnings.Changed("messages", "The provider needs a turn of the user; the instructions were sent as the user's.");
            TurnOf(isModel: false).Parts.AddRange(Instructions);
            Instructions.Clear();
        }

        if (Turns.Count == 0 || !Turns[0].IsModel)
            return;
        _warnings.Changed("messages", "The provider needs the user to speak first; a short note was put before the first turn.");
        var first = new GeminiTurn(isModel: false);
        first.Parts.Add(new TurnPart(new Part { Text = new Text { Text_ = Opening } }, 0));
        Turns.Insert(0, first);
    }
}
