namespace Orchestration.Gateway.Limits;

/// <summary>One limit that one request counts against.</summary>
/// <param name="Key">Where it is counted; holds the tenant as hash tag, so that all counters of a request are on one node.</param>
/// <param name="Level">"end user", "key", "project" or "tenant".</param>
/// <param name="Kind">One of <see cref="Data.LimitKinds"/>.</param>
/// <param name="Amount">Most of it.</param>
/// <param name="WindowMilliseconds">Length of the window; 0 for concurrency.</param>
/// <param name="Model">Requested name that it is narrowed to; empty when it is not.</param>
/// <param name="Taken">How much the request takes of it.</param>
internal sealed record LimitCounter(string Key, string Level, string Kind, long Amount, long WindowMilliseconds, string Model, long Taken)
{
    /// <summary>
    /// Parts of a window. A window is counted as all the parts that it may touch, one more than it has, so every window holds whenever it
    /// begins; what that costs is less than one part in a hundred of the limit.
    /// </summary>
    public const int Parts = 128;

    public bool IsConcurrency => WindowMilliseconds == 0;

    public bool IsTokens => Kind == Data.LimitKinds.Tokens;

    /// <summary>Length of a part, rounded up so that the parts together are never shorter than the window.</summary>
    public long PartMilliseconds => (WindowMilliseconds + Parts - 1) / Parts;
}
