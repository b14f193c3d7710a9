using System.Text;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Takes reasoning out of text that begins with it in a tag, however the text is cut into deltas.</summary>
internal sealed class InlineThinking(string tag)
{
    private readonly string _opening = $"<{tag}>";
    private readonly string _closing = $"</{tag}>";
    private readonly StringBuilder _held = new();
    private Place _place;
    private bool _spoke;

    private enum Place
    {
        Before,
        Inside,
        Behind,
        Text,
    }

    /// <summary>Splits the next delta. What may still be the beginning of a tag is held back.</summary>
    public (string Reasoning, string Text) Add(string delta)
    {
        if (_place == Place.Text || delta.Length == 0)
            return ("", delta);

        _held.Append(delta);
        return Split();
    }

    /// <summary>What was held back, at the end of the answer.</summary>
    public (string Reasoning, string Text) End()
    {
        var rest = Take(_held.Length);
        return _place == Place.Inside ? (rest, "") : ("", _place == Place.Behind ? "" : rest);
    }

    private (string Reasoning, string Text) Split()
    {
        var reasoning = _place == Place.Before && !Opens() ? "" : Inside();
        return (reasoning, Behind());
    }

    // True when the text begins with the tag; then the tag is gone. Text that begins otherwise is text to its end.
    private bool Opens()
    {
        var start = _held.ToString().TrimStart();
        if (start.StartsWith(_opening, StringComparison.Ordinal))
        {
            _held.Clear().Append(start.AsSpan(_opening.Length));
            _place = Place.Inside;
            return true;
        }

        if (!_opening.StartsWith(start, StringComparison.Ordinal))
            _place = Place.Text;
        return false;
    }

    private string Inside()
    {
        if (_place != Place.Inside)
            return "";

        // Line breaks behind the opening tag belong to it.
        var text = _held.ToString();
        if (!_spoke)
            text = text.TrimStart('\n');
        _spoke |= text.Length > 0;
        _held.Clear().Append(text);
        var end = text.IndexOf(_closing, StringComparison.Ordinal);
        if (end < 0)
            return Take(text.Length - BeginningOfClosing(text));

        _held.Clear().Append(text.AsSpan(end + _closing.Length));
        _place = Place.Behind;
        return text[..end].TrimEnd('\n');
    }

    private string Behind()
    {
        if (_place == Place.Behind)
        {
            var text = _held.ToString().TrimStart();
            _held.Clear().Append(text);
            if (text.Length > 0)
                _place = Place.Text;
        }

        return _place == Place.Text ? Take(_held.Length) : "";
    }

    // Line breaks before the closing tag belong to it, so they wait as well.
    private int BeginningOfClosing(string text)
    {
        for (var length = Math.Min(_closing.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan().EndsWith(_closing.AsSpan(0, length)))
                return length + LineBreaksAtEnd(text.AsSpan(0, text.Length - length));
        }

        return LineBreaksAtEnd(text);
    }

    private static int LineBreaksAtEnd(ReadOnlySpan<char> text) => text.Length - text.TrimEnd('\n').Length;

    private string Take(int length)
    {
        var taken = _held.ToString(0, length);
        _held.Remove(0, length);
        return taken;
    }
}
