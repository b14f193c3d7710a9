using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Orchestration.Routing.Policy;

/// <summary>A mapping of the document that is read member by member; what is left over in the end is an unknown member.</summary>
/// <param name="node">The mapping.</param>
/// <param name="path">Path of its members, with the dot.</param>
/// <param name="errors">Where mistakes go.</param>
/// <param name="schema">Takes down what is asked for, when the form is to be described instead of a text to be read.</param>
internal sealed class YamlSection(YamlMappingNode node, string path, List<PolicyError> errors, SchemaNode? schema = null)
{
    /// <summary>Stands for every name where the names of members are the writer's own.</summary>
    public const string AnyName = "*";

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public int Line => (int)node.Start.Line;

    public string Path => path;

    public string Text(string key, string? whenAbsent = null)
    {
        schema?.Text(key, required: whenAbsent is null);
        if (Scalar(key) is { Length: > 0 } text) return text;
        if (whenAbsent is null) Fail(key, "is missing");
        return whenAbsent ?? "";
    }

    public int? Integer(string key, int least, int most)
    {
        schema?.Integer(key, least, most);
        if (Scalar(key) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Fail(key, $"is not a whole number from {least} to {most}");
        return null;
    }

    /// <summary>A decimal number.</summary>
    public decimal? Number(string key, decimal least, decimal most)
    {
        schema?.Number(key, least, most);
        if (Scalar(key) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Fail(key, string.Create(CultureInfo.InvariantCulture, $"is not a number from {least} to {most}"));
        return null;
    }

    public bool? Flag(string key)
    {
        schema?.Flag(key);
        switch (Scalar(key))
        {
            case null: return null;
            case "true": return true;
            case "false": return false;
            default:
                Fail(key, "is not true or false");
                return null;
        }
    }

    /// <summary>A duration such as "500ms", "5s" or "10m".</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        schema?.Duration(key);
        if (Scalar(key) is not { } text) return null;
        if (ParseDuration(text) is { } value && value >= least && value <= most) return value;
        Fail(key, $"is not a duration such as 500ms, 5s or 10m from {least} to {most}");
        return null;
    }

    public IReadOnlyList<PolicyReference> References(string key)
    {
        schema?.References(key);
        if (Child(key) is not { } child) return [];
        if (child is not YamlSequenceNode sequence)
        {
            Fail(key, "is not a list");
            return [];
        }

        var references = new List<PolicyReference>();
        foreach (var item in sequence)
        {
            if (item is YamlScalarNode { Value: { Length: > 0 } text }) references.Add(new PolicyReference(text, (int)item.Start.Line) { Column = (int)item.Start.Column });
            else errors.Add(new PolicyError((int)item.Start.Line, $"{path}{key}[{references.Count}]", "is not a text") { Column = (int)item.Start.Column });
        }

        return references;
    }

    public IEnumerable<YamlSection> List(string key)
    {
        if (schema is not null)
        {
            yield return new YamlSection(new YamlMappingNode(), "", errors, schema.List(key));
            yield break;
        }

        if (Child(key) is not { } child) yield break;
        if (child is not YamlSequenceNode sequence)
        {
            Fail(key, "is not a list");
            yield break;
        }

        var index = 0;
        foreach (var item in sequence)
        {
            var itemPath = $"{path}{key}[{index++}]";
            if (item is YamlMappingNode mapping) yield return new YamlSection(mapping, itemPath + ".", errors);
            else errors.Add(new PolicyError((int)item.Start.Line, itemPath, "is not a mapping") { Column = (int)item.Start.Column });
        }
    }

    public YamlSection? Section(string key)
    {
        if (schema is not null) return new YamlSection(new YamlMappingNode(), "", errors, schema.Section(key));
        if (Child(key) is not { } child) return null;
        if (child is YamlMappingNode mapping) return new YamlSection(mapping, $"{path}{key}.", errors);
        Fail(key, "is not a mapping");
        return null;
    }

    /// <summary>Names of the members, for mappings whose keys are names.</summary>
    public IEnumerable<string> Names() => schema is not null ? [AnyName] : node.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "");

    public bool IsText(string key)
    {
        schema?.MayBeText(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var child) && child is YamlScalarNode;
    }

    /// <summary>The members that are mappings, by name.</summary>
    public IEnumerable<(string Name, YamlSection Section)> Sections()
    {
        foreach (var name in Names().ToList())
            if (Section(name) is { } section) yield return (name, section);
    }

    public int LineOf(string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? (int)child.Start.Line : Line;

    public void Fail(string key, string message) => errors.Add(new PolicyError(LineOf(key), path + key, message)
    {
        Column = (int)(node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : node).Start.Column,
    });

    /// <summary>Reports the mapping as a whole.</summary>
    public void FailWhole(string message) => errors.Add(new PolicyError(Line, path.TrimEnd('.'), message));

    /// <summary>Reports members that nobody asked for.</summary>
    public void Close()
    {
        if (schema is not null) return;
        foreach (var name in Names().Where(name => !_read.Contains(name)).ToList()) Fail(name, "is not a known member");
        foreach (var key in node.Children.Keys.Where(k => k is not YamlScalarNode))
            errors.Add(new PolicyError((int)key.Start.Line, path, "has a member whose name is not a text") { Column = (int)key.Start.Column });
    }

    private string? Scalar(string key)
    {
        if (Child(key) is not { } child) return null;
        if (child is YamlScalarNode { Value: { } text }) return text;
        Fail(key, "is not a single value");
        return null;
    }

    private YamlNode? Child(string key)
    {
        _read.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
    }

    private static TimeSpan? ParseDuration(string text)
    {
        var (unit, ticks) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (2, TimeSpan.TicksPerMillisecond),
            _ when text.EndsWith('s') => (1, TimeSpan.TicksPerSecond),
            _ when text.EndsWith('m') => (1, TimeSpan.TicksPerMinute),
            _ when text.EndsWith('h') => (1, TimeSpan.TicksPerHour),
            _ => (0, 0L),
        };
        return unit > 0 && int.TryParse(text[..^unit], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? new TimeSpan(count * ticks) : null;
    }
}
