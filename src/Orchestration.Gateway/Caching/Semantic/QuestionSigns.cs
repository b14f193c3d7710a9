namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>What a question asks for, as far as its words tell.</summary>
[Flags]
internal enum QuestionKinds
{
    None = 0,
    Manner = 1,
    Thing = 2,
    YesOrNo = 4,
    Time = 8,
    Place = 16,
    Reason = 32,
    Person = 64,
    Quantity = 128,
    Duration = 256,

    /// <summary>Kinds whose answer no other question has. People ask "how do I", "what must I do" and "can I" for one and the same.</summary>
    Telling = Time | Place | Reason | Person | Quantity | Duration,
}

/// <summary>What must be equal in two questions before one's answer may be given to the other, however alike they look.</summary>
/// <param name="Script">Writing system.</param>
/// <param name="Numbers">Numbers with their units, sorted.</param>
/// <param name="Names">Names, codes, addresses and quoted words in lower case, sorted.</param>
/// <param name="Negations">Number of negations.</param>
/// <param name="Kinds">What is asked for.</param>
internal sealed record QuestionSigns(Script Script, IReadOnlyList<string> Numbers, IReadOnlyList<string> Names, int Negations, QuestionKinds Kinds)
{
    /// <summary>Why the answer to one is not given to the other; null when nothing speaks against it.</summary>
    public static string? Conflict(QuestionText asked, QuestionText answered)
    {
        var (mine, theirs) = (asked.Signs, answered.Signs);
        if (mine.Script != theirs.Script)
            return "language";
        if (!mine.Numbers.SequenceEqual(theirs.Numbers, StringComparer.Ordinal))
            return "number";
        if (!Holds(answered, mine.Names) || !Holds(asked, theirs.Names))
            return "name";
        if (mine.Negations != theirs.Negations)
            return "negation";
        return ((mine.Kinds ^ theirs.Kinds) & QuestionKinds.Telling) != 0 ? "question" : null;
    }

    // Who writes a name in small letters means the same.
    private static bool Holds(QuestionText question, IReadOnlyList<string> names) =>
        names.All(name => question.Signs.Names.Contains(name, StringComparer.Ordinal) || question.Units.Contains(name, StringComparer.Ordinal));
}
