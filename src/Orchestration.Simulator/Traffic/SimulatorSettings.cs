namespace Orchestration.Simulator.Traffic;

/// <summary>What can be changed for the whole simulator while it runs.</summary>
internal sealed record SimulatorSettings
{
    /// <summary>Factor on every delay; 0 answers at once.</summary>
    public double? Speed { get; init; }
}

/// <summary>How the answers of one model are shaped, in place of its profile; members left out keep the profile's value.</summary>
internal sealed record ShapeRequest
{
    public double? FirstTokenMs { get; init; }

    public double? TokenMs { get; init; }

    /// <summary>Length of every answer in tokens.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>Share of the prompt that counts as read from the vendor's cache.</summary>
    public int? CachedPercent { get; init; }

    /// <summary>Time between keep-alives while a request waits; 0 for none.</summary>
    public int? KeepAliveMs { get; init; }

    /// <summary>One of the vendor's other forms of answers, by name.</summary>
    public string? Variant { get; init; }
}
