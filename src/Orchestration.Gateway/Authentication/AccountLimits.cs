using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Authentication;

/// <summary>The limits that hold for a key, level by level. Which end user has others is known by <see cref="EndUserDirectory"/>.</summary>
internal sealed record AccountLimits(
    IReadOnlyList<LimitRule> Key, IReadOnlyList<LimitRule> Project, IReadOnlyList<LimitRule> Tenant, IReadOnlyList<LimitRule> EachEndUser)
{
    public static readonly AccountLimits None = new([], [], [], []);
}
