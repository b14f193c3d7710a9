namespace Orchestration.Gateway.Grounding;

/// <summary>Numbers in brackets, such as <c>[1]</c>, <c>[2, 3]</c> or <c>【1】</c>.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">Character after its last one.</param>
/// <param name="Numbers">The numbers in it.</param>
internal sealed record CitationMarker(int Start, int End, IReadOnlyList<int> Numbers)
{
    private const int MostDigits = 3;

    /// <summary>The markers of a text, in its order.</summary>
    public static IEnumerable<CitationMarker> FindAll(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not ('[' or '【') || Read(text, at) is not { } marker)
                continue;
            yield return marker;
            at = marker.End - 1;
        }
    }

    private static CitationMarker? Read(string text, int start)
    {
        var numbers = new List<int>();
        var (number, digits) = (0, 0);
        for (var at = start + 1; at < text.Length; at++)
        {
            var character = text[at];
            if (char.IsAsciiDigit(character) && digits < MostDigits)
            {
                (number, digits) = ((number * 10) + (character - '0'), digits + 1);
                continue;
            }

            if (character is not (' ' or ',' or '，' or '、' or ']' or '】'))
                return null;
            if (digits > 0)
                numbers.Add(number);
            (number, digits) = (0, 0);
            if (character is ']' or '】')
                return numbers.Count > 0 ? new CitationMarker(start, at + 1, numbers) : null;
        }

        return null;
    }
}
