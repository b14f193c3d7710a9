namespace Orchestration.Simulator.Tokens;

/// <summary>Walks over a text token by token. White space belongs to the token after it; a surrogate pair is never split.</summary>
internal ref struct TokenScanner(ReadOnlySpan<char> text, TokenRates rates)
{
    private const int DigitsPerToken = 3;
    private const int OtherLettersPerToken = 2;
    private readonly ReadOnlySpan<char> _text = text;
    private int _cjkDebt;
    private int _wordStart;
    private int _wordLength;
    private int _wordPieces;
    private int _wordPiece;

    /// <summary>Where the current token ends.</summary>
    public int End { get; private set; }

    public bool MoveNext()
    {
        if (_wordPiece < _wordPieces)
            return NextWordPiece();
        var position = End;
        while (position < _text.Length && char.IsWhiteSpace(_text[position]))
            position++;
        if (position == _text.Length)
        {
            var any = position > End;
            End = position;
            return any;
        }
        var first = _text[position];
        if (IsCjk(first))
            return NextCjk(position);
        if (char.IsAsciiDigit(first))
            return StartWord(position, char.IsAsciiDigit, DigitsPerToken);
        if (char.IsAsciiLetter(first))
            return StartWord(position, char.IsAsciiLetter, rates.LettersPerToken);
        if (char.IsLetter(first))
            return StartWord(position, static letter => char.IsLetter(letter) && !IsCjk(letter), OtherLettersPerToken);
        End = char.IsHighSurrogate(first) && position + 1 < _text.Length && char.IsLowSurrogate(_text[position + 1])
            ? position + 2
            : position + 1;
        return true;
    }

    public static bool IsCjk(char letter) =>
        letter is (>= '\u3000' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3')
            or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF00' and <= '\uFFEF');

    private bool NextCjk(int position)
    {
        while (position < _text.Length && IsCjk(_text[position]) && _cjkDebt < 100)
        {
            _cjkDebt += Math.Min(rates.CjkTokensPerHundred, 100);
            position++;
        }
        _cjkDebt = Math.Max(0, _cjkDebt - 100);
        End = position;
        return true;
    }

    private bool StartWord(int position, Func<char, bool> belongs, double lettersPerToken)
    {
        var end = position + 1;
        while (end < _text.Length && belongs(_text[end]))
            end++;
        _wordStart = position;
        _wordLength = end - position;
        _wordPieces = (int)Math.Ceiling(_wordLength / lettersPerToken);
        _wordPiece = 0;
        return NextWordPiece();
    }

    private bool NextWordPiece()
    {
        _wordPiece++;
        End = _wordStart + (int)((long)_wordLength * _wordPiece / _wordPieces);
        return true;
    }
}
