using System.Globalization;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Reports;

/// <summary>What became of a request for a report.</summary>
internal abstract record ReportReading
{
    private ReportReading()
    {
    }

    /// <summary>It can be answered exactly.</summary>
    public sealed record Understood(ReportQuestion Question) : ReportReading;

    /// <summary>It cannot.</summary>
    public sealed record Refused(string Param, string Message) : ReportReading;
}

/// <summary>Reads requests for reports, and refuses those that the rollups cannot answer exactly.</summary>
internal static class ReportQuestionReading
{
    private const int MostPeriods = 10_000;
    private const int MostDimensions = 4;
    private const int MostValues = 1_000;
    private const int MostNamed = 1_000;
    private const int LongestText = 1_000;
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3_660);

    public static ReportReading Read(ReportRequest request)
    {
        var zone = request.TimeZone.Length == 0 ? "UTC" : request.TimeZone;
        if (!BudgetCalendar.IsZone(zone))
            return new ReportReading.Refused("time_zone", "A name of the IANA time zone database is expected, such as Asia/Shanghai.");
        if (Grain(request.Grain) is not { } grain)
            return new ReportReading.Refused("grain", "\"hour\", \"day\", \"month\" or nothing is expected.");
        if (Moment(request.From, zone) is not { } from)
            return new ReportReading.Refused("from", "A day such as 2026-11-01 or an instant on a quarter of an hour is expected.");
        if (Moment(request.To, zone) is not { } to || to <= from || to - from > Longest)
            return new ReportReading.Refused("to", "A day or an instant after \"from\" is expected, at most ten years later.");
        if (ReportPeriods.Cut(from, to, zone, grain, MostPeriods) is not { } periods)
            return new ReportReading.Refused("grain", string.Create(CultureInfo.InvariantCulture, $"A report has at most {MostPeriods} periods; ask for longer ones or a shorter range."));
        if (Groups(request.GroupBy) is not { } groups)
            return new ReportReading.Refused("group_by", $"Up to {MostDimensions} different ones of {string.Join(", ", ReportDimensionNames.All)} are expected.");
        return Refusal(request) ?? Read(request, periods, groups);
    }

    private static ReportReading Read(ReportRequest request, ReportPeriods periods, IReadOnlyList<ReportDimension> groups)
    {
        var filters = Filters(request);
        var question = new ReportQuestion(request.TenantId, periods, groups, request.TagName, filters, request.Simulated)
        {
            Order = request.Order switch { "requests" => ReportOrder.Requests, "tokens" => ReportOrder.Tokens, _ => ReportOrder.Cost },
            Top = request.Top == 0 ? null : request.Top,
            WithLatency = request.Details.Contains("latency"),
            WithFailures = request.Details.Contains("failures"),
            WithProviderCosts = request.Details.Contains("provider_costs"),
        };
        var byTag = question.Dimensions.Contains(ReportDimension.Tag);
        if (byTag != request.TagName.Length > 0)
            return new ReportReading.Refused("tag_name", byTag ? "The name of the tag is expected." : "A name without a group or a filter by tag tells nothing.");
        if (ReportSource.OfUsage(question) is null)
            return new ReportReading.Refused("group_by", "Usage by end user or tag is not kept by other dimensions besides the tenant; ask for it alone.");
        if ((byTag || question.Dimensions.Contains(ReportDimension.EndUser)) && !BucketRanges.Fit(periods.All, TimeSpan.FromDays(1)))
            return new ReportReading.Refused("time_zone", "Usage by end user or tag is kept by days of UTC: ask for whole days or months in the zone UTC.");
        return new ReportReading.Understood(question);
    }

    private static ReportReading.Refused? Refusal(ReportRequest request)
    {
        if (request.Order is not ("" or "cost" or "requests" or "tokens"))
            return new("order", "\"cost\", \"requests\", \"tokens\" or nothing is expected.");
        if (request.Top is < 0 or > MostNamed)
            return new("top", $"A number from 0 to {MostNamed} is expected.");
        if (request.Details.FirstOrDefault(detail => detail is not ("latency" or "failures" or "provider_costs")) is not null)
            return new("details", "\"latency\", \"failures\" and \"provider_costs\" are expected.");
        if (IsUnusable(request.TenantId))
            return new("tenant_id", "A tenant's id is expected.");
        if (IsUnusable(request.TagName))
            return new("tag_name", "A tag's name is expected.");
        var values = Filters(request).Values.SelectMany(value => value).ToList();
        return values.Count > MostValues || values.Exists(IsUnusable) ? new("filters", $"At most {MostValues} values of at most {LongestText} characters are expected.") : null;
    }

    private static bool IsUnusable(string text) => text.Length > LongestText || text.Contains('\0', StringComparison.Ordinal);

    private static Dictionary<ReportDimension, string[]> Filters(ReportRequest request) =>
        new (ReportDimension Dimension, IEnumerable<string> Values)[]
        {
            (ReportDimension.Project, request.ProjectIds),
            (ReportDimension.Key, request.KeyIds),
            (ReportDimension.EndUser, request.EndUsers),
            (ReportDimension.Provider, request.Providers),
            (ReportDimension.Model, request.Models),
            (ReportDimension.Route, request.Routes),
            (ReportDimension.RequestClass, request.RequestClasses),
            (ReportDimension.Purpose, request.Purposes),
            (ReportDimension.Tag, request.TagValues),
        }.Where(filter => filter.Values.Any()).ToDictionary(filter => filter.Dimension, filter => filter.Values.ToArray());

    private static List<ReportDimension>? Groups(IReadOnlyCollection<string> names)
    {
        List<ReportDimension> groups = [];
        foreach (var name in names)
        {
            if (!ReportDimensionNames.TryRead(name, out var dimension) || groups.Contains(dimension))
                return null;
            groups.Add(dimension);
        }

        return groups.Count <= MostDimensions ? groups : null;
    }

    private static ReportGrain? Grain(string name) => name switch
    {
        "" => ReportGrain.Whole,
        "hour" => ReportGrain.Hour,
        "day" => ReportGrain.Day,
        "month" => ReportGrain.Month,
        _ => null,
    };

    private static DateTimeOffset? Moment(string text, string zone)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day.Year is > 1970 and < 9990 ? ReportPeriods.StartOf(day, zone) : null;
        var read = NodaTime.Text.OffsetDateTimePattern.Rfc3339.Parse(text);
        if (!read.Success || read.Value.Year is <= 1970 or >= 9990)
            return null;
        var moment = read.Value.ToDateTimeOffset().ToUniversalTime();
        return moment.UtcTicks % Quarter.Ticks == 0 ? moment : null;
    }
}
