namespace Orchestration.Protocols;

/// <summary>Size of text by script, measured once and carried along.</summary>
/// <param name="Bytes">Bytes as UTF-8.</param>
/// <param name="CjkCharacters">Characters of Chinese, Japanese and Korean scripts, including their punctuation.</param>
/// <param name="OtherCharacters">All other characters (Unicode scalar values).</param>
/// <param name="Messages">Turns of a conversation, for the tokens that frame each of them.</param>
/// <param name="Images">Pictures, files and recordings, which are not text but cost tokens.</param>
public readonly record struct TextSize(long Bytes, long CjkCharacters, long OtherCharacters, int Messages = 0, int Images = 0)
{
    /// <summary>Sums two sizes.</summary>
    public static TextSize operator +(TextSize left, TextSize right) => left.Add(right);

    /// <summary>Sums two sizes.</summary>
    public TextSize Add(TextSize other) => new(
        Bytes + other.Bytes,
        CjkCharacters + other.CjkCharacters,
        OtherCharacters + other.OtherCharacters,
        Messages + other.Messages,
        Images + other.Images);
}
