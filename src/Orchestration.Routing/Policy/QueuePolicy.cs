using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Policy;

/// <summary>How requests that a limit refuses may wait for room. A route's own rules stand in the place of the policy's as a whole.</summary>
/// <param name="Longest">Longest wait; null when none waits.</param>
/// <param name="Waiting">Most requests of a tenant that wait on one gateway.</param>
internal sealed record QueuePolicy(TimeSpan? Longest, int Waiting)
{
    private const int UsualWaiting = 100;
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestOfAll = TimeSpan.FromMinutes(1);

    public static QueuePolicy? Read(YamlSection? section)
    {
        if (section is null) return null;
        var isOn = section.Flag("enabled") ?? true;
        var longest = section.Duration("longest", Shortest, LongestOfAll);
        if (isOn && !section.IsText("longest")) section.Fail("longest", "is missing; a route on which nothing waits says enabled: false");
        var policy = new QueuePolicy(isOn ? longest : null, section.Integer("waiting", 1, MostWaiting) ?? UsualWaiting);
        section.Close();
        return policy;
    }

    /// <summary>For the gateways; null when none waits.</summary>
    public QueueRules? ToRules() => Longest is { } longest ? new QueueRules { Longest = Duration.FromTimeSpan(longest), Waiting = Waiting } : null;
}
