namespace Orchestration.Simulator.Chat;

/// <summary>Numbers that depend on the seed alone, in every process and on every machine (SplitMix64).</summary>
internal struct StableRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var value = _state;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    public int Next(int limit) => (int)(Next() % (ulong)limit);
}

/// <summary>A hash of text that is the same in every process (FNV-1a over UTF-16).</summary>
internal struct StableHash()
{
    public ulong Value { get; private set; } = 14695981039346656037UL;

    public void Add(ReadOnlySpan<char> text)
    {
        var value = Value;
        foreach (var letter in text)
            value = (value ^ letter) * 1099511628211UL;
        // A mark between texts: "ab"+"c" differs from "a"+"bc".
        Value = (value ^ 0x1F) * 1099511628211UL;
    }
}
