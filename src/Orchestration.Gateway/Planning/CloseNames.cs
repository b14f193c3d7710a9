namespace Orchestration.Gateway.Planning;

/// <summary>Names that somebody who mistyped may have meant.</summary>
internal static class CloseNames
{
    private const int LongestName = 64;
    private const int Most = 3;

    public static IReadOnlyList<string> Find(string requested, IEnumerable<string> names)
    {
        if (requested.Length is 0 or > LongestName)
            return [];
        var name = requested.ToLowerInvariant();
        var tolerance = Math.Max(2, name.Length / 4);
        return names
            .Where(candidate => candidate.Length <= LongestName && Math.Abs(candidate.Length - name.Length) <= tolerance)
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .Where(pair => pair.distance <= tolerance)
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(Most)
            .Select(pair => pair.candidate)
            .ToList();
    }

    private static int Distance(string left, string right)
    {
        Span<int> previous = stackalloc int[LongestName + 1];
        Span<int> row = stackalloc int[LongestName + 1];
        for (var j = 0; j <= right.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(previous[j], row[j - 1]) + 1);
            }

            row[..(right.Length + 1)].CopyTo(previous);
        }

        return previous[right.Length];
    }
}
