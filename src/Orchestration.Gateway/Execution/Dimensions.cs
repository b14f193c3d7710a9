using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;

namespace Orchestration.Gateway.Execution;

/// <summary>The account of a request in its two forms: for gRPC and for the ledger.</summary>
internal static class Dimensions
{
    public const int MostTags = 16;
    public const int LongestTag = 64;

    private static readonly Dictionary<string, string> NoTags = [];

    public static Attribution Attribution(Caller caller, RequestDetails details, string endUser)
    {
        var attribution = new Attribution
        {
            TenantId = caller.TenantId,
            ProjectId = caller.ProjectId,
            KeyId = caller.KeyId,
            EndUser = endUser,
            SessionId = details.SessionId,
            Purpose = details.Purpose,
            Currency = caller.Currency,
        };
        foreach (var (name, value) in details.Tags)
            attribution.Tags.Add(name, value);
        return attribution;
    }

    public static LedgerDimensions Ledger(Attribution attribution, RequestDetails details, Plan plan) => new()
    {
        TenantId = attribution.TenantId,
        ProjectId = attribution.ProjectId,
        KeyId = attribution.KeyId,
        EndUser = attribution.EndUser,
        SessionId = attribution.SessionId,
        Purpose = PurposeNames.Of(attribution.Purpose),
        Route = plan.Route,
        RequestClass = plan.RequestClass,
        PolicyVersion = plan.PolicyVersion,
        Currency = attribution.Currency,
        RequestStartedAt = details.Identity.StartedAt,
        Tags = details.Tags,
    };

    /// <summary>Labels that fit the ledger's bounds, in the order of their names.</summary>
    public static IReadOnlyDictionary<string, string> Tags(Google.Protobuf.Collections.MapField<string, string> metadata) => metadata.Count == 0 ? NoTags : metadata
        .Where(pair => pair.Key.Length is > 0 and <= LongestTag && pair.Value.Length <= LongestTag)
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Take(MostTags)
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
