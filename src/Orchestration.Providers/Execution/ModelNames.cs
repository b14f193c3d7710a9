namespace Orchestration.Providers.Execution;

/// <summary>Tells whether two names mean the same model, by what vendors do to names: a path before them, a version after them.</summary>
/// <remarks>
/// A version is what follows the last part that says what the model is: numbers of two digits and more ("2024-08-06", "0613", "002")
/// and a few words ("latest"). A single digit is part of the model's name, as in "claude-sonnet-4-5".
/// </remarks>
internal static class ModelNames
{
    private static readonly string[] VersionWords = ["latest", "preview", "exp", "beta", "free"];

    /// <summary>True for the same model, where one name may leave open which version of it.</summary>
    public static bool AreSame(string left, string right)
    {
        if (left.Equals(right, StringComparison.OrdinalIgnoreCase)) return true;
        var ours = WithoutPath(left);
        var theirs = WithoutPath(right);
        var ourVersion = ours[LengthOfModel(ours)..];
        var theirVersion = theirs[LengthOfModel(theirs)..];
        if (!ours[..^ourVersion.Length].Equals(theirs[..^theirVersion.Length], StringComparison.OrdinalIgnoreCase)) return false;
        // Two versions that are both named and differ may differ in price as two models do.
        return !ourVersion.ContainsAnyInRange('0', '9') || !theirVersion.ContainsAnyInRange('0', '9')
            || ourVersion.Equals(theirVersion, StringComparison.OrdinalIgnoreCase);
    }

    // Relays and regional addresses put a vendor or a path before the name.
    private static ReadOnlySpan<char> WithoutPath(string name) => name.AsSpan(name.EndsWith('/') ? 0 : name.LastIndexOf('/') + 1);

    private static int LengthOfModel(ReadOnlySpan<char> name)
    {
        var end = name.Length;
        while (name[..end].LastIndexOfAny("-@:") is var cut and > 0 && IsVersion(name[(cut + 1)..end])) end = cut;
        return end;
    }

    private static bool IsVersion(ReadOnlySpan<char> part)
    {
        if (part.Length >= 2 && !part.ContainsAnyExceptInRange('0', '9')) return true;
        foreach (var word in VersionWords)
            if (part.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
