using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Providers.Chat;

/// <summary>
/// Ends choices at the stop sequences that the caller sent, wherever their provider ignores or does not know them. Only visible text
/// counts. Text is held back no longer than it could still become a sequence.
/// </summary>
internal sealed class StopSequences
{
    private readonly Dictionary<int, Choice> _choices = [];
    private readonly List<ChatEvent> _passed = [];
    private readonly string[] _sequences;
    private readonly int _expected;
    private int _met;

    private StopSequences(string[] sequences, int expected) => (_sequences, _expected) = (sequences, expected);

    /// <summary>True once a choice was cut.</summary>
    public bool AnyMet => _met > 0;

    /// <summary>True once every choice was cut, so that nothing of the answer is left to wait for.</summary>
    public bool AllMet => _met >= _expected;

    /// <summary>Null for a request without stop sequences.</summary>
    public static StopSequences? Of(ChatRequest request)
    {
        if (request.Stop.Count == 0) return null;
        string[] sequences = [.. request.Stop.Where(s => s.Length > 0)];
        return sequences.Length == 0 ? null : new StopSequences(sequences, request.HasChoiceCount ? Math.Max(1, request.ChoiceCount) : 1);
    }

    /// <summary>True for a warning that the provider was not told of some of them. They hold all the same.</summary>
    public static bool AreMeantBy(Warning warning) => warning.Param is "stop" or "stop_sequences";

    /// <summary>Takes out of the events what follows a stop sequence, and what may yet turn out to.</summary>
    public void Apply(List<ChatEvent> events)
    {
        _passed.Clear();
        foreach (var chatEvent in events)
            Pass(chatEvent);
        events.Clear();
        events.AddRange(_passed);
    }

    /// <summary>The ends of all choices that were cut, for an answer that is not read to its own end.</summary>
    public IEnumerable<ChatEvent> Finishes() =>
        _choices.Where(c => c.Value.Met is not null).OrderBy(c => c.Key).Select(c => new ChatEvent { Finish = Ended(new Finish { ChoiceIndex = c.Key }, c.Value.Met!) });

    private void Pass(ChatEvent chatEvent)
    {
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.PartStart:
                Begin(chatEvent, Of(chatEvent.PartStart.ChoiceIndex));
                break;
            case ChatEvent.EventOneofCase.PartDelta:
                Grow(chatEvent, Of(chatEvent.PartDelta.ChoiceIndex));
                break;
            case ChatEvent.EventOneofCase.PartStop:
                Stop(chatEvent, Of(chatEvent.PartStop.ChoiceIndex));
                break;
            case ChatEvent.EventOneofCase.Finish:
                if (Of(chatEvent.Finish.ChoiceIndex).Met is { } met) Ended(chatEvent.Finish, met);
                _passed.Add(chatEvent);
                break;
            case ChatEvent.EventOneofCase.Error:
                // Parts of an answer that breaks stay open, and nothing follows that could complete a sequence.
                foreach (var (index, choice) in _choices) Release(index, choice);
                _passed.Add(chatEvent);
                break;
            default:
                _passed.Add(chatEvent);
                break;
        }
    }

    private void Begin(ChatEvent chatEvent, Choice choice)
    {
        if (choice.Met is not null) return;
        var start = chatEvent.PartStart;
        Release(start.ChoiceIndex, choice);
        choice.Open.Add((start.PartIndex, start.Kind == PartKind.Text));
        _passed.Add(chatEvent);
    }

    private void Grow(ChatEvent chatEvent, Choice choice)
    {
        var delta = chatEvent.PartDelta;
        if (choice.Met is not null) return;
        if (delta.Text.Length > 0 && choice.Open.Contains((delta.PartIndex, true)))
        {
            if (choice.HeldPart != delta.PartIndex) Release(delta.ChoiceIndex, choice);
            Look(delta, choice);
            if (delta.Text.Length + delta.Signature.Length + delta.LogProbabilities.Length + delta.Extensions.Length > 0) _passed.Add(chatEvent);
            if (choice.Met is not null) Close(delta.ChoiceIndex, choice);
            return;
        }

        _passed.Add(chatEvent);
    }

    private void Stop(ChatEvent chatEvent, Choice choice)
    {
        if (choice.Met is not null) return;
        var part = chatEvent.PartStop.PartIndex;
        if (choice.HeldPart == part) Release(chatEvent.PartStop.ChoiceIndex, choice);
        choice.Open.RemoveAll(open => open.Part == part);
        _passed.Add(chatEvent);
    }

    private void Look(PartDelta delta, Choice choice)
    {
        var text = choice.Held.Length == 0 ? delta.Text : choice.Held + delta.Text;
        (choice.Held, choice.HeldPart) = ("", delta.PartIndex);
        var (at, met) = Find(text);
        if (met is null)
        {
            var kept = LengthToKeep(text);
            delta.Text = text[..^kept];
            choice.Held = text[^kept..];
            return;
        }

        choice.Met = met;
        _met++;
        delta.Text = text[..at];
        // They would tell of tokens that are not sent.
        delta.LogProbabilities = "";
    }

    // The one that is complete first counts, as it would if the text came letter by letter.
    private (int At, string? Met) Find(string text)
    {
        var (at, met) = (-1, (string?)null);
        foreach (var sequence in _sequences)
            if (text.IndexOf(sequence, StringComparison.Ordinal) is var found and >= 0 && (met is null || found + sequence.Length < at + met.Length)) (at, met) = (found, sequence);
        return (at, met);
    }

    private int LengthToKeep(ReadOnlySpan<char> text)
    {
        var longest = 0;
        foreach (var sequence in _sequences)
        {
            for (var length = Math.Min(sequence.Length - 1, text.Length); length > longest; length--)
                if (text.EndsWith(sequence.AsSpan(0, length), StringComparison.Ordinal)) longest = length;
        }

        return longest;
    }

    private void Release(int index, Choice choice)
    {
        if (choice.Held.Length == 0) return;
        _passed.Add(new ChatEvent { PartDelta = new PartDelta { ChoiceIndex = index, PartIndex = choice.HeldPart, Text = choice.Held } });
        choice.Held = "";
    }

    private void Close(int index, Choice choice)
    {
        foreach (var (part, _) in choice.Open) _passed.Add(new ChatEvent { PartStop = new PartStop { ChoiceIndex = index, PartIndex = part } });
        choice.Open.Clear();
    }

    private Choice Of(int index)
    {
        if (!_choices.TryGetValue(index, out var choice)) _choices.Add(index, choice = new Choice());
        return choice;
    }

    private static Finish Ended(Finish finish, string met)
    {
        (finish.Reason, finish.RawReason, finish.StopSequence) = (FinishReason.Stop, "stop", met);
        return finish;
    }

    private sealed class Choice
    {
        public List<(int Part, bool IsText)> Open { get; } = [];

        public string Held { get; set; } = "";

        public int HeldPart { get; set; } = -1;

        public string? Met { get; set; }
    }
}
