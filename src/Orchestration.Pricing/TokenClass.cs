namespace Orchestration.Pricing;

/// <summary>The disjoint classes that a cost is made of, in the order of its lines.</summary>
public enum TokenClass
{
    Input,
    CacheRead,
    CacheWrite,
    CacheWrite1h,
    AudioInput,
    Output,
    Reasoning,
    AudioOutput,
    Search,
}
