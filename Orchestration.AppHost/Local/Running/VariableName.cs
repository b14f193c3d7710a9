namespace Orchestration.AppHost.Local.Running;

/// <summary>Resource names as part of a variable's name: upper case, every other character an underscore.</summary>
internal static class VariableName
{
    public static string Of(string name)
    {
        var encoded = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? char.ToUpperInvariant(c) : '_'));
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? "_" + encoded : encoded;
    }
}
