using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Something that is measured again and again.</summary>
internal interface IAlertSource
{
    /// <summary>The kind whose alerts it makes; they are all its own.</summary>
    public string Kind { get; }

    /// <summary>
    /// All that holds now: an open alert of the kind that is not among it is over. Null when nothing could be seen, which ends nothing.
    /// </summary>
    public Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken);
}
