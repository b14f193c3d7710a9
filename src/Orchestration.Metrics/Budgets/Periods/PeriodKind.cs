namespace Orchestration.Metrics.Budgets.Periods;

/// <summary>How long a budget lasts until it starts anew.</summary>
internal enum PeriodKind
{
    Day,
    Week,
    Month,
    Lifetime,
}

/// <summary>A period: from its first instant up to, and without, its end; without an end it lasts for ever.</summary>
internal readonly record struct PeriodBounds(DateTimeOffset StartsAt, DateTimeOffset? EndsAt)
{
    public bool Contains(DateTimeOffset instant) => StartsAt <= instant && (EndsAt is not { } end || instant < end);
}
