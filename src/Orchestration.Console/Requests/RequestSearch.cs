using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Requests;

/// <summary>A search over the ledger as it stands in an address.</summary>
internal sealed record RequestSearch
{
    /// <summary>Times that a search looks back on, by name.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan> Spans = new Dictionary<string, TimeSpan>(StringComparer.Ordinal)
    {
        ["1h"] = TimeSpan.FromHours(1),
        ["24h"] = TimeSpan.FromHours(24),
        ["7d"] = TimeSpan.FromDays(7),
        ["30d"] = TimeSpan.FromDays(30),
    };

    public static readonly IReadOnlyDictionary<string, RequestState> States = new Dictionary<string, RequestState>(StringComparer.Ordinal)
    {
        ["running"] = RequestState.Open,
        ["succeeded"] = RequestState.Succeeded,
        ["failed"] = RequestState.Failed,
    };

    public string? Since { get; init; }

    public string? State { get; init; }

    public string? Tenant { get; init; }

    public string? Key { get; init; }

    public string? Asked { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? Route { get; init; }

    public string? Class { get; init; }

    public string? Error { get; init; }

    public string? MinCost { get; init; }

    public string? Page { get; init; }

    /// <summary>True when something narrows the search.</summary>
    public bool IsNarrowed => this with { Page = null } != new RequestSearch();

    public Contracts.Admin.V1.ListRequestsRequest ToRequest(DateTimeOffset now, int pageSize) => new()
    {
        TenantId = Tenant ?? "",
        PageSize = pageSize,
        PageToken = Page ?? "",
        Filter = new RequestFilter
        {
            From = Since is not null && Spans.TryGetValue(Since, out var span) ? (now - span).ToTimestamp() : null,
            State = State is not null ? States.GetValueOrDefault(State) : RequestState.Unspecified,
            KeyId = Key ?? "",
            RequestedModel = Asked ?? "",
            Model = Model ?? "",
            Provider = Provider ?? "",
            Route = Route ?? "",
            RequestClass = Class ?? "",
            ErrorCode = Error ?? "",
            MinCost = MinCost ?? "",
        },
    };
}
