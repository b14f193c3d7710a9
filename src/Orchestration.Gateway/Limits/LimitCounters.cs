using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Limits;

/// <summary>Which counters a request counts against.</summary>
internal static class LimitCounters
{
    /// <param name="caller">Who asks.</param>
    /// <param name="endUser">Hash of the end user; empty when none was named.</param>
    /// <param name="ownRules">Limits of this end user in place of the project's for each; empty when there are none.</param>
    /// <param name="isMeant">Whether the name that a limit is narrowed to is the one that was asked for.</param>
    /// <param name="tokens">Estimate of prompt and answer.</param>
    public static IReadOnlyList<LimitCounter> Of(Caller caller, string endUser, IReadOnlyList<LimitRule> ownRules, Func<string, bool> isMeant, long tokens)
    {
        var limits = caller.Limits;
        if (limits.Key.Count + limits.Project.Count + limits.Tenant.Count + limits.EachEndUser.Count + ownRules.Count == 0)
            return [];

        var counters = new List<LimitCounter>();
        Add(counters, caller, "tenant", caller.TenantId, limits.Tenant, isMeant, tokens);
        Add(counters, caller, "project", caller.ProjectId, limits.Project, isMeant, tokens);
        Add(counters, caller, "key", caller.KeyId, limits.Key, isMeant, tokens);
        if (endUser.Length == 0)
            return counters;
        if (ownRules.Count > 0)
            Add(counters, caller, "end user", endUser, ownRules, isMeant, tokens);
        else
            Add(counters, caller, "end user", $"{caller.ProjectId}/{endUser}", limits.EachEndUser, isMeant, tokens);
        return counters;
    }

    private static void Add(
        List<LimitCounter> counters, Caller caller, string level, string id, IReadOnlyList<LimitRule> rules, Func<string, bool> isMeant, long tokens)
    {
        foreach (var rule in rules)
        {
            if (rule.Model.Length > 0 && !isMeant(rule.Model))
                continue;
            var key = $"limits:{{{caller.TenantId}}}:{level}:{id}:{rule.Kind}:{rule.WindowSeconds}:{rule.Model}";
            var counter = new LimitCounter(
                key, level, rule.Kind, rule.Amount, rule.WindowSeconds * 1000L, rule.Model, rule.Kind == LimitKinds.Tokens ? tokens : 1);
            // Twins that differ in the amount only share a counter, which must count a request once.
            var twin = counters.FindIndex(other => other.Key == key);
            if (twin < 0)
                counters.Add(counter);
            else if (rule.Amount < counters[twin].Amount)
                counters[twin] = counter;
        }
    }
}
