using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Querying;

/// <summary>The terms of a search as conditions on rows: one that an index of its own leads along, and all others.</summary>
internal static class SearchConditions
{
    private const string Ok = "ok";
    private const string Exact = "exact";

    // Ids are made by other clocks than the ones that told the start.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    /// <summary>Tenant and range of ids, which every index leads along and which choose the partitions.</summary>
    public static IQueryable<LedgerRequest> Fenced(this IQueryable<LedgerRequest> requests, SearchTerms terms)
    {
        if (terms.TenantId.Length > 0)
            requests = requests.Where(row => row.TenantId == terms.TenantId);
        if (terms.From is { } from)
        {
            var first = IdRange.FirstAt(from - ClockMargin);
            requests = requests.Where(row => row.Id >= first);
        }

        if (terms.To is { } to)
        {
            var end = IdRange.FirstAt(to + ClockMargin);
            requests = requests.Where(row => row.Id < end);
        }

        return requests;
    }

    /// <summary>The condition with an index of its own that leaves the fewest rows. Indexes begin with the tenant: without one, none is used.</summary>
    public static SearchLead LeadOf(SearchTerms terms)
    {
        var filter = terms.Filter;
        return terms.TenantId.Length == 0 ? SearchLead.Tenant
            : filter.EndUser.Length > 0 ? SearchLead.EndUser
            : filter.KeyId.Length > 0 ? SearchLead.Key
            : filter.State == RequestState.Open ? SearchLead.Open
            : filter.Settlement is not (Settlement.Unspecified or Settlement.Exact) ? SearchLead.Settlement
            : filter.State == RequestState.Failed || filter.ErrorCode is not ("" or Ok) ? SearchLead.Failures
            : SearchLead.Tenant;
    }

    /// <summary>The rows that the lead leaves. Constants repeat the filters of partial indexes, which the planner must see.</summary>
    public static IQueryable<LedgerRequest> Led(this IQueryable<LedgerRequest> requests, SearchLead lead, RequestFilter filter) => lead switch
    {
        SearchLead.EndUser => requests.Where(row => row.EndUser == filter.EndUser && row.EndUser != ""),
        SearchLead.Key => requests.Where(row => row.KeyId == filter.KeyId),
        SearchLead.Open => requests.Where(row => row.CompletedEventId == null && row.Settlement == null),
        SearchLead.Settlement => WithSettlement(requests, filter.Settlement).Where(row => row.Settlement != null && row.Settlement != Exact),
        SearchLead.Failures => requests.Where(row => row.Status != null && row.Status != Ok),
        _ => requests,
    };

    /// <summary>Conditions that the lead does not meet already; empty when it meets all.</summary>
    public static IReadOnlyList<Func<IQueryable<LedgerRequest>, IQueryable<LedgerRequest>>> Others(SearchTerms terms, SearchLead lead)
    {
        var filter = terms.Filter;
        var others = new List<Func<IQueryable<LedgerRequest>, IQueryable<LedgerRequest>>>();
        AddIf(filter.ProjectId.Length > 0, rows => rows.Where(row => row.ProjectId == filter.ProjectId));
        AddIf(filter.KeyId.Length > 0 && lead != SearchLead.Key, rows => rows.Where(row => row.KeyId == filter.KeyId));
        AddIf(filter.EndUser.Length > 0 && lead != SearchLead.EndUser, rows => rows.Where(row => row.EndUser == filter.EndUser));
        AddIf(filter.RequestedModel.Length > 0, rows => rows.Where(row => row.RequestedModel == filter.RequestedModel));
        AddIf(filter.Model.Length > 0, rows => rows.Where(row => row.Model == filter.Model));
        AddIf(filter.Provider.Length > 0, rows => rows.Where(row => row.Provider == filter.Provider));
        AddIf(filter.Route.Length > 0, rows => rows.Where(row => row.Route == filter.Route));
        AddIf(filter.RequestClass.Length > 0, rows => rows.Where(row => row.RequestClass == filter.RequestClass));
        AddIf(terms.Tags is not null, rows => rows.Where(row => EF.Functions.JsonContains(row.Tags, terms.Tags!)));
        AddIf(terms.MinCost is not null, rows => rows.Where(row => row.Cost >= terms.MinCost));
        AddIf(filter.HasStreamed, rows => rows.Where(row => row.Streamed == filter.Streamed));
        AddIf(filter.HasSimulated, rows => rows.Where(row => row.Simulated == filter.Simulated));
        if (filter.Purpose != Purpose.Unspecified)
        {
            var purpose = PurposeNames.Of(filter.Purpose);
            others.Add(rows => rows.Where(row => row.Purpose == purpose));
        }

        AddIf(filter.State == RequestState.Open && lead != SearchLead.Open, rows => rows.Led(SearchLead.Open, filter));
        AddIf(filter.State == RequestState.Succeeded, rows => rows.Where(row => row.Status == Ok));
        AddIf(filter.State == RequestState.Failed && lead != SearchLead.Failures, rows => rows.Led(SearchLead.Failures, filter));
        AddIf(filter.ErrorCode.Length > 0, rows => rows.Where(row => row.Status == filter.ErrorCode));
        AddIf(filter.Settlement != Settlement.Unspecified && lead != SearchLead.Settlement, rows => WithSettlement(rows, filter.Settlement));
        return others;

        void AddIf(bool applies, Func<IQueryable<LedgerRequest>, IQueryable<LedgerRequest>> condition)
        {
            if (applies)
                others.Add(condition);
        }
    }

    /// <summary>The range of times itself: almost every row of the range of ids lies in it.</summary>
    public static IQueryable<LedgerRequest> Begun(this IQueryable<LedgerRequest> requests, SearchTerms terms)
    {
        if (terms.From is not null)
            requests = requests.Where(row => row.StartedAt >= terms.From);
        return terms.To is null ? requests : requests.Where(row => row.StartedAt < terms.To);
    }

    private static IQueryable<LedgerRequest> WithSettlement(IQueryable<LedgerRequest> requests, Settlement settlement)
    {
        var name = RecordMapping.NameOf(settlement);
        return requests.Where(row => row.Settlement == name);
    }
}

/// <summary>Which index a search goes along.</summary>
internal enum SearchLead
{
    /// <summary>All requests of a tenant, or of all tenants.</summary>
    Tenant,
    EndUser,
    Key,
    Open,
    Settlement,
    Failures,
}
