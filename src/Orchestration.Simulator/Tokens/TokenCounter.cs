namespace Orchestration.Simulator.Tokens;

/// <summary>Counts and splits text the way one vendor's family of models would, roughly and always alike.</summary>
internal sealed class TokenCounter(TokenRates rates)
{
    public int Count(ReadOnlySpan<char> text)
    {
        var scanner = new TokenScanner(text, rates);
        var count = 0;
        while (scanner.MoveNext())
            count++;
        return count;
    }

    public TokenizedText Split(string text)
    {
        if (text.Length == 0)
            return TokenizedText.Empty;
        var ends = new List<int>(text.Length / 2 + 1);
        var scanner = new TokenScanner(text, rates);
        while (scanner.MoveNext())
            ends.Add(scanner.End);
        return new TokenizedText(text, ends);
    }
}
