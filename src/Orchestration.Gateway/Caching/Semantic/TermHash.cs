namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>The same number for the same term in every process: FNV-1a.</summary>
internal static class TermHash
{
    private const uint Offset = 2_166_136_261;
    private const uint Prime = 16_777_619;

    public static uint Of(char kind, params ReadOnlySpan<string> parts)
    {
        var hash = (Offset ^ kind) * Prime;
        foreach (var part in parts)
        {
            foreach (var character in part)
                hash = (hash ^ character) * Prime;
            hash = (hash ^ '\n') * Prime;
        }

        return hash;
    }
}
