using System.Text.RegularExpressions;

namespace Orchestration.AppHost.Local.Running;

/// <summary>One console for everything: each line begins with the name of the resource that wrote it, in the resource's colour.</summary>
internal sealed partial class ConsoleLog
{
    private const string HostName = "host";
    private const string Reset = "\u001b[0m";
    private const string Red = "\u001b[31m";
    private const string Bold = "\u001b[1m";
    private static readonly int[] Palette = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94, 91];
    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly Dictionary<string, int> _colours;
    private readonly int _width;
    private readonly bool _coloured;

    public ConsoleLog(TextWriter output, IEnumerable<string> names)
    {
        _output = output;
        var known = names.ToList();
        _colours = known.Select((name, index) => (name, Palette[index % Palette.Length])).ToDictionary(pair => pair.name, pair => pair.Item2);
        _width = Math.Clamp(known.Select(name => name.Length).DefaultIfEmpty(0).Max(), HostName.Length, 24);
        _coloured = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    }

    /// <summary>A line that a process wrote.</summary>
    public void Resource(string name, string line) => Write(name, _coloured ? line : ColourCodes().Replace(line, ""), _colours.GetValueOrDefault(name));

    public void Host(string line) => Write(HostName, line, 0);

    public void Error(string line) => Write(HostName, _coloured ? $"{Red}{line}{Reset}" : line, 0);

    /// <summary>Lines as they are, for what people copy.</summary>
    public void Plain(IEnumerable<string> lines)
    {
        lock (_gate)
        {
            foreach (var line in lines)
                _output.WriteLine(line);
            _output.Flush();
        }
    }

    public string Emphasise(string text) => _coloured ? $"{Bold}{text}{Reset}" : text;

    private void Write(string name, string line, int colour)
    {
        var label = name.PadRight(_width);
        lock (_gate)
        {
            _output.WriteLine(_coloured && colour > 0 ? $"\u001b[{colour}m{label}{Reset} | {line}" : $"{label} | {line}");
            _output.Flush();
        }
    }

    [GeneratedRegex(@"\u001b\[[0-9;]*[A-Za-z]", RegexOptions.NonBacktracking)]
    private static partial Regex ColourCodes();
}
