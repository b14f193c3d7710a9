using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols;

/// <summary>Folds the events of one choice.</summary>
internal sealed class ChoiceBuilder(int index)
{
    private readonly SortedList<int, PartBuilder> _parts = [];
    private readonly JsonMerge _extensions = new();
    private readonly JsonMerge _logProbabilities = new();

    public Finish? Finish { get; set; }

    public void Start(PartStart start) => _parts[start.PartIndex] = new PartBuilder(start.Kind, start.ToolCall);

    public void Append(PartDelta delta)
    {
        if (!_parts.TryGetValue(delta.PartIndex, out var part))
            _parts[delta.PartIndex] = part = new PartBuilder(PartKind.Text, null);

        part.Text.Append(delta.Text);
        if (delta.Signature.Length > 0)
            part.Signature = delta.Signature;
        if (part.Kind == PartKind.Reasoning && KeptBlocks.RedactedIn(delta.Extensions) is [var redacted, ..])
            (part.Redacted, part.Origin) = redacted;
        _logProbabilities.Add(delta.LogProbabilities);
        (part.Kind == PartKind.ToolCall ? part.Extensions : _extensions).Add(delta.Extensions);
    }

    public Choice Build()
    {
        var message = new Message { Role = Role.Assistant, PlainContent = true, Extensions = _extensions.ToString() };
        message.Parts.AddRange(_parts.Values.Where(part => part.HasContent).Select(part => part.Build()));
        return new Choice { Index = index, Message = message, Finish = Finish, LogProbabilities = _logProbabilities.ToString() };
    }

    private sealed class PartBuilder(PartKind kind, ToolCall? call)
    {
        public PartKind Kind => kind;

        public StringBuilder Text { get; } = new();

        public JsonMerge Extensions { get; } = new();

        public string Signature { get; set; } = call?.Signature ?? "";

        public string Redacted { get; set; } = "";

        public string Origin { get; set; } = "";

        // A part that only carried log probabilities or unknown members is none of the message.
        public bool HasContent => Kind == PartKind.ToolCall || Text.Length > 0 || Signature.Length > 0 || Redacted.Length > 0;

        public Part Build()
        {
            var text = Text.ToString();
            return kind switch
            {
                PartKind.Reasoning => new Part { Reasoning = new ReasoningPart { Text = text, Signature = Signature, Redacted = Redacted, Origin = Origin } },
                PartKind.Refusal => new Part { Refusal = new Refusal { Text = text } },
                PartKind.ToolCall => new Part { ToolCall = BuildCall(text), Extensions = Extensions.ToString() },
                _ => new Part { Text = new Text { Text_ = text } },
            };
        }

        private ToolCall BuildCall(string arguments)
        {
            var result = call?.Clone() ?? new ToolCall();
            result.Arguments += arguments;
            result.Signature = Signature;
            return result;
        }
    }
}
