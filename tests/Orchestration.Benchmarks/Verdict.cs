using System.Globalization;

namespace Orchestration.Benchmarks;

/// <summary>The end of every verb: bars that did not hold, then one line with the figures.</summary>
internal sealed class Verdict(string verb)
{
    private readonly List<string> _figures = [];
    private readonly List<string> _broken = [];

    public void Add(FormattableString figure) => _figures.Add(figure.ToString(CultureInfo.InvariantCulture));

    /// <summary>Checks a figure against a bar; a bar that is null always holds.</summary>
    public void AtMost(string figure, double value, double? bar)
    {
        if (bar is { } limit && !(value <= limit))
            _broken.Add(string.Create(CultureInfo.InvariantCulture, $"{figure} is {value:0.###}, the bar is {limit:0.###}"));
    }

    public void Require(bool holds, string otherwise)
    {
        if (!holds)
            _broken.Add(otherwise);
    }

    public int Close()
    {
        foreach (var line in _broken)
            Screen.Wrong($"{line}");
        Console.WriteLine($"{verb}: {string.Join(", ", _figures)}");
        return _broken.Count == 0 ? 0 : 1;
    }
}
