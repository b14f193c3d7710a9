using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Tenants;

/// <summary>Limits between their contract and their table.</summary>
internal static class LimitMapping
{
    private const int MostLimits = 32;
    private const int LongestModel = 256;
    private const long LargestAmount = 1_000_000_000_000;
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(31);

    /// <summary>What is wrong with limits, or null.</summary>
    public static Failure? Check(IReadOnlyCollection<Limit>? limits, string param)
    {
        if (limits is null)
            return null;
        if (limits.Count > MostLimits)
            return Failures.Invalid("invalid_limits", "There are at most 32 limits.", param);
        foreach (var limit in limits)
        {
            if (limit.Amount is < 1 or > LargestAmount || limit.Model.Length > LongestModel || limit.Model.Any(char.IsControl))
                return Failures.Invalid("invalid_limits", "A limit's amount is 1 to 1,000,000,000,000 and its model has at most 256 characters.", param);
            if (!IsWindow(limit))
                return Failures.Invalid("invalid_limits", "A limit of requests or tokens has a window of whole seconds, 1 second to 31 days; one of concurrency has none.", param);
        }

        return limits.DistinctBy(limit => (limit.Kind, limit.Window, limit.Model.ToLowerInvariant())).Count() == limits.Count
            ? null
            : Failures.Invalid("invalid_limits", "Two limits of the same kind, window and model contradict each other.", param);
    }

    public static List<LimitRule> ToRules(IEnumerable<Limit> limits) =>
        [.. limits.Select(limit => new LimitRule(KindOf(limit.Kind), limit.Amount, (int)(limit.Window?.Seconds ?? 0), limit.Model.ToLowerInvariant()))];

    public static IEnumerable<Limit> ToLimits(IEnumerable<LimitRule> rules) => rules.Select(rule => new Limit
    {
        Kind = KindOf(rule.Kind),
        Amount = rule.Amount,
        Window = rule.WindowSeconds > 0 ? Duration.FromTimeSpan(TimeSpan.FromSeconds(rule.WindowSeconds)) : null,
        Model = rule.Model,
    });

    private static bool IsWindow(Limit limit) => limit.Kind switch
    {
        LimitKind.Concurrency => limit.Window is null,
        LimitKind.Requests or LimitKind.Tokens => limit.Window is { Nanos: 0, Seconds: >= 1 } window && window.Seconds <= LongestWindow.TotalSeconds,
        _ => false,
    };

    private static string KindOf(LimitKind kind) => kind switch
    {
        LimitKind.Requests => LimitKinds.Requests,
        LimitKind.Tokens => LimitKinds.Tokens,
        _ => LimitKinds.Concurrency,
    };

    private static LimitKind KindOf(string kind) => kind switch
    {
        LimitKinds.Requests => LimitKind.Requests,
        LimitKinds.Tokens => LimitKind.Tokens,
        _ => LimitKind.Concurrency,
    };
}
