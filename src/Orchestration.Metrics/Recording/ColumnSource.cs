namespace Orchestration.Metrics.Recording;

/// <summary>Which witness a column is told by, and with it the rule that merges it.</summary>
internal enum ColumnSource
{
    /// <summary>Fixed when the row is made.</summary>
    Fixed,

    /// <summary>Told by both; the second one's word stands.</summary>
    Both,

    /// <summary>Told by both if they were traced; the second one's word stands unless it is empty.</summary>
    Trace,

    /// <summary>Told by the first witness only.</summary>
    First,

    /// <summary>Told by the second witness only.</summary>
    Second,
}
