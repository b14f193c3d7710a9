namespace Orchestration.Simulator.Tokens;

/// <summary>A text with the ends of its tokens.</summary>
internal sealed class TokenizedText(string text, IReadOnlyList<int> ends)
{
    public static readonly TokenizedText Empty = new("", []);

    public int Count => ends.Count;

    public string Text => text;

    public ReadOnlySpan<char> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : ends[index - 1];
            return text.AsSpan(start, ends[index] - start);
        }
    }

    public TokenizedText Take(int tokens) => tokens >= ends.Count
        ? this
        : tokens <= 0 ? Empty : new TokenizedText(text[..ends[tokens - 1]], [.. ends.Take(tokens)]);
}
