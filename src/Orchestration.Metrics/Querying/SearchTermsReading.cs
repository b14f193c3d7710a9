using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Metrics.V1;
using Enum = System.Enum;

namespace Orchestration.Metrics.Querying;

/// <summary>Reads a filter as it was told. Only what no request could meet is refused.</summary>
internal static class SearchTermsReading
{
    private const int MaxText = 512;
    private const int MaxTags = 16;
    private const int MaxScale = 15;

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2300, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The terms, or what is wrong with the filter.</summary>
    public static SearchReading Read(string tenantId, RequestFilter? filter, bool oldestFirst)
    {
        filter ??= new RequestFilter();
        if ((WrongText(filter) ?? WrongChoice(filter)) is { } wrong)
            return wrong;
        if (!TryMoment(filter.From, out var from))
            return new WrongTerm("from", "The beginning of the range is not a plausible time.");
        if (!TryMoment(filter.To, out var to))
            return new WrongTerm("to", "The end of the range is not a plausible time.");
        if (from >= to)
            return new WrongTerm("to", "The end of the range must lie after its beginning.");
        if (!TryTags(filter.Tags, out var tags))
            return new WrongTerm("tags", $"Tags must be at most {MaxTags} of the form name=value, with one value for a name.");
        if (!TryCost(filter.MinCost, out var cost))
            return new WrongTerm("min_cost", $"The least cost must be a decimal from 0 with at most {MaxScale} digits after the point.");

        return new ReadTerms(new SearchTerms
        {
            TenantId = tenantId,
            Filter = filter,
            From = from,
            To = to,
            Tags = tags,
            MinCost = cost,
            OldestFirst = oldestFirst,
        });
    }

    private static WrongTerm? WrongText(RequestFilter filter)
    {
        foreach (var (name, text) in new[]
        {
            ("project_id", filter.ProjectId), ("key_id", filter.KeyId), ("end_user", filter.EndUser), ("requested_model", filter.RequestedModel),
            ("model", filter.Model), ("provider", filter.Provider), ("route", filter.Route), ("request_class", filter.RequestClass),
            ("error_code", filter.ErrorCode),
        })
        {
            if (!IsText(text))
                return new WrongTerm(name, $"The text must be at most {MaxText} characters, none of them NUL.");
        }

        return null;
    }

    private static WrongTerm? WrongChoice(RequestFilter filter) =>
        !Enum.IsDefined(filter.Purpose) ? new WrongTerm("purpose", "There is no such purpose.")
        : !Enum.IsDefined(filter.State) ? new WrongTerm("state", "There is no such state.")
        : !Enum.IsDefined(filter.Settlement) ? new WrongTerm("settlement", "There is no such settlement.")
        : filter.State == RequestState.Open && filter.Settlement != Settlement.Unspecified ? new WrongTerm("settlement", "An open request has no settlement.")
        : filter.State is RequestState.Open or RequestState.Succeeded && filter.ErrorCode.Length > 0 ? new WrongTerm("error_code", "Only a request that failed has a code.")
        : null;

    private static bool TryMoment(Timestamp? told, out DateTimeOffset? moment)
    {
        moment = null;
        if (told is null)
            return true;
        // Their own range is checked first: what lies outside of it cannot be made a time.
        if (told.Seconds < Earliest.ToUnixTimeSeconds() || told.Seconds >= Latest.ToUnixTimeSeconds() || told.Nanos is < 0 or > 999_999_999)
            return false;
        moment = told.ToDateTimeOffset();
        return true;
    }

    private static bool TryTags(RepeatedField<string> told, out string? json)
    {
        json = null;
        if (told.Count == 0)
            return true;
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in told)
        {
            var end = tag.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0 || !IsText(tag[..end]) || !IsText(tag[(end + 1)..]) || (!tags.TryAdd(tag[..end], tag[(end + 1)..]) && tags[tag[..end]] != tag[(end + 1)..]))
                return false;
        }

        json = JsonSerializer.Serialize(tags, JsonSerializerOptions.Web);
        return tags.Count <= MaxTags;
    }

    private static bool TryCost(string told, out decimal? cost)
    {
        cost = null;
        if (told.Length == 0)
            return true;
        if (!decimal.TryParse(told, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || decimal.Round(amount, MaxScale) != amount)
            return false;
        cost = amount;
        return true;
    }

    private static bool IsText(string text) => text.Length <= MaxText && !text.Contains('\0', StringComparison.Ordinal);
}

/// <summary>What reading a filter came to.</summary>
internal abstract record SearchReading;

/// <summary>Terms to search by.</summary>
internal sealed record ReadTerms(SearchTerms Terms) : SearchReading;

/// <summary>A condition that no request can meet.</summary>
internal sealed record WrongTerm(string Param, string Message) : SearchReading;
