using System.Globalization;
using System.Text.Json.Serialization;

namespace Orchestration.Routing.Prices;

/// <summary>An exchange rate that holds from an instant on, until a later one of its pair.</summary>
internal sealed record DatedRate(string From, string To, string Rate, DateTimeOffset AsOf)
{
    [JsonIgnore]
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{From}-{To}@{AsOf.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
}

/// <summary>One row of <c>exchange_rates</c>. Rows are only ever added; of two with one name the later one counts.</summary>
internal sealed class ExchangeRateRow
{
    public long Sequence { get; init; }
    public required string FromCurrency { get; init; }
    public required string ToCurrency { get; init; }

    /// <summary>Decimal number as text, so that what was given is what is used.</summary>
    public required string Rate { get; init; }

    public required DateTimeOffset AsOf { get; init; }
    public required string Source { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
