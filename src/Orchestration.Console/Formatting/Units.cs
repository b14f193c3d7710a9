using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Console.Formatting;

/// <summary>Figures as people read them.</summary>
internal static class Units
{
    public static string Milliseconds(Duration? duration) => duration is null ? "–" : Milliseconds(duration.ToTimeSpan());

    // The limits are where rounding would show the next unit.
    public static string Milliseconds(TimeSpan duration) => duration.TotalMilliseconds switch
    {
        < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds:0} µs"),
        < 999.95 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s"),
    };

    public static string Amount(Money? money) => money is null ? "–" : $"{money.Amount} {money.Currency}";

    public static string Time(Timestamp? timestamp) =>
        timestamp is null ? "–" : timestamp.ToDateTimeOffset().ToString("HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    public static string Tokens(Usage? usage) => usage is null
        ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{usage.TotalInput():N0} → {usage.TotalOutput():N0}");

    /// <summary>A word of the wire as a heading: "model" becomes "Model".</summary>
    public static string Heading(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>The first letters of an id, enough to tell it from its neighbours.</summary>
    public static string ShortId(string id) => id.Length <= 8 ? id : id[..8];
}
