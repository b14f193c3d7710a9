using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Execution;

/// <summary>The rules of one request: the plan's own, completed by the process's defaults.</summary>
internal sealed record ExecutionLimits(
    int MaxAttempts,
    TimeSpan Connect,
    TimeSpan FirstToken,
    TimeSpan Idle,
    TimeSpan MaxDuration,
    TimeSpan Total,
    TimeSpan? Drain,
    bool FailoverOnContentFilter)
{
    // Below this a provider that works would be left for another that is no faster.
    private static readonly TimeSpan LeastThinking = TimeSpan.FromSeconds(2);

    /// <summary>Silence after which a streamed request is sent to a second candidate; null for never.</summary>
    public TimeSpan? HedgeAfter { get; init; }

    /// <summary>See <see cref="ExecutionRules.HedgeSpendPercent"/>; 0 for the default.</summary>
    public int HedgeSpendPercent { get; init; }

    /// <summary>True when a prompt that is too long for one candidate is refused instead of sent to a larger one.</summary>
    public bool RefuseLargerContext { get; init; }

    /// <summary>Generated tokens after which a read without a client ends; null for the provider's default.</summary>
    public int? DrainTokens { get; init; }

    /// <summary>Fewest bytes that a minute of reading must bring; 0 for no limit.</summary>
    public int MinBytesPerMinute { get; init; }

    /// <summary>How long a read goes on that nobody waits for: as the route says, else as the provider's policy does.</summary>
    public TimeSpan DrainOf(DisconnectPolicy policy) =>
        Drain ?? (policy.Mode == DisconnectMode.Drain ? TimeSpan.FromSeconds(policy.Seconds) : TimeSpan.Zero);

    /// <summary>Longest wait for a first token when others may be asked afterwards: each of them is left an equal part of the remaining time.</summary>
    /// <param name="remaining">Time until the deadline of the request.</param>
    /// <param name="followers">Candidates that may still be asked; nobody is waited for longer than without any.</param>
    public TimeSpan FirstTokenBefore(TimeSpan remaining, int followers)
    {
        if (followers == 0) return FirstToken;
        var share = remaining / (followers + 1);
        var least = Connect + LeastThinking;
        if (share < least) share = least;
        return share < FirstToken ? share : FirstToken;
    }

    public static ExecutionLimits From(ExecutionRules? rules, ExecutionOptions defaults)
    {
        rules ??= new ExecutionRules();
        return new ExecutionLimits(
            rules.MaxAttempts > 0 ? Math.Min(rules.MaxAttempts, 10) : defaults.MaxAttempts,
            Positive(rules.ConnectTimeout, defaults.ConnectTimeout),
            Positive(rules.FirstTokenTimeout, defaults.FirstTokenTimeout),
            Positive(rules.IdleTimeout, defaults.IdleTimeout),
            Positive(rules.MaxDuration, defaults.MaxDuration),
            Positive(rules.TotalDeadline, defaults.TotalDeadline),
            rules.DrainAfterDisconnect?.ToTimeSpan(),
            rules.FailoverOnContentFilter)
        {
            HedgeAfter = rules.HedgeAfter?.ToTimeSpan() is { } silence && silence > TimeSpan.Zero ? silence : null,
            HedgeSpendPercent = Math.Clamp(rules.HedgeSpendPercent, 0, 100),
            RefuseLargerContext = rules.RefuseLargerContext,
            DrainTokens = rules.DrainTokensAfterDisconnect > 0 ? rules.DrainTokensAfterDisconnect : null,
            MinBytesPerMinute = defaults.MinBytesPerMinute,
        };
    }

    private static TimeSpan Positive(Duration? value, TimeSpan otherwise) =>
        value?.ToTimeSpan() is { } time && time > TimeSpan.Zero ? time : otherwise;
}
