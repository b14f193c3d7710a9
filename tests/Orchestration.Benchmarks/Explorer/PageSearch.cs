using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>A search that somebody makes, with other values each time.</summary>
internal sealed record PageSearch(string Name, Func<Random, ListRequestsRequest> Ask)
{
    /// <summary>Searches in the largest tenant unless they say otherwise.</summary>
    public static IReadOnlyList<PageSearch> All(ExplorerPlan plan)
    {
        var traffic = new LedgerTraffic(plan, new Random(0));
        var (middle, small) = (plan.Tenants / 4, plan.Tenants - 1);
        return
        [
            new("largest tenant", _ => In(0)),
            new("middle tenant", _ => In(middle)),
            new("smallest tenant", _ => In(small)),
            new("all tenants", _ => new ListRequestsRequest()),
            new("project", random => In(0, new() { ProjectId = $"project-{random.Next(LedgerTraffic.Projects)}" })),
            new("key", random => In(0, new() { KeyId = LedgerTraffic.KeyName(0, random.Next(LedgerTraffic.Keys)) })),
            new("key of no use", _ => In(0, new() { KeyId = "key-nobody" })),
            new("end user", random => In(0, new() { EndUser = LedgerTraffic.EndUserName(0, random.Next(traffic.EndUsers(0))) })),
            new("end user, middle tenant", random => In(middle, new() { EndUser = LedgerTraffic.EndUserName(middle, random.Next(traffic.EndUsers(middle))) })),
            new("requested model", _ => In(0, new() { RequestedModel = "auto" })),
            new("model", random => In(0, new() { Model = ModelOnSale.All[random.Next(ModelOnSale.All.Count - 1)].Name })),
            new("model that hardly answers", _ => In(0, new() { Model = "gemini-preview" })),
            new("model that never answers", _ => In(0, new() { Model = "gpt-2" })),
            new("provider", _ => In(0, new() { Provider = "zhipu" })),
            new("route", _ => In(0, new() { Route = "cheapest" })),
            new("class", _ => In(0, new() { RequestClass = "complex" })),
            new("purpose", _ => In(0, new() { Purpose = Purpose.Query })),
            new("tag", random => In(0, new() { Tags = { $"team=team-{random.Next(6)}" } })),
            new("rare tag", random => In(0, new() { Tags = { $"campaign=c-{random.Next(500)}" } })),
            new("rare tag, all tenants", random => new ListRequestsRequest { Filter = new() { Tags = { $"campaign=c-{random.Next(500)}" } } }),
            new("failed", _ => In(0, new() { State = RequestState.Failed })),
            new("failed, all tenants", _ => new ListRequestsRequest { Filter = new() { State = RequestState.Failed } }),
            new("error code", _ => In(0, new() { ErrorCode = "context_too_long" })),
            new("error code that never was", _ => In(0, new() { ErrorCode = "no_such_code" })),
            new("open", _ => In(0, new() { State = RequestState.Open })),
            new("recovered", _ => In(0, new() { Settlement = Settlement.Recovered })),
            new("estimated", _ => In(0, new() { Settlement = Settlement.Estimated })),
            new("least cost", _ => In(0, new() { MinCost = "1" })),
            new("streamed, simulated", _ => In(0, new() { Streamed = true, Simulated = true })),
            new("key, model and class", random => In(0, new() { KeyId = LedgerTraffic.KeyName(0, random.Next(LedgerTraffic.Keys)), Model = "claude-opus", RequestClass = "complex" })),
            new("end user and failed", random => In(0, new() { EndUser = LedgerTraffic.EndUserName(0, random.Next(traffic.EndUsers(0))), State = RequestState.Failed })),
        ];
    }

    /// <summary>The same search from a place deep in the ledger, in either order.</summary>
    public ListRequestsRequest Deep(Random random, LedgerCalendar calendar)
    {
        var request = Ask(random);
        request.Filter ??= new RequestFilter();
        var place = (calendar.Begin + (calendar.End - calendar.Begin) * (0.1 + 0.8 * random.NextDouble())).ToTimestamp();
        request.OldestFirst = random.Next(4) == 0;
        if (request.OldestFirst)
            request.Filter.From = place;
        else
            request.Filter.To = place;
        return request;
    }

    private static ListRequestsRequest In(int tenant, RequestFilter? filter = null) => new() { TenantId = LedgerTraffic.TenantName(tenant), Filter = filter };
}
