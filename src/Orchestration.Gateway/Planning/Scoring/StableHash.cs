namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>A hash of text that is the same in every process (FNV-1a over UTF-16): all gateways put a session into the same arm.</summary>
internal struct StableHash()
{
    private ulong _value = 14695981039346656037;

    /// <summary>The hash, its bits well mixed.</summary>
    public readonly ulong Value => Mix(_value);

    public static ulong Of(ulong seed, string text)
    {
        var hash = new StableHash();
        hash._value ^= seed;
        hash.Add(text);
        return hash.Value;
    }

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            _value = (_value ^ character) * 1099511628211;
        // Two texts are not the same as one that joins them.
        _value = (_value ^ 0xFFFF) * 1099511628211;
    }

    // The last characters of a text alone would not reach the high bits.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
