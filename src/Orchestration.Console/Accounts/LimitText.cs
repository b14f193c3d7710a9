using System.Globalization;
using Orchestration.Contracts.Accounts.V1;

namespace Orchestration.Console.Accounts;

/// <summary>Limits in words.</summary>
internal static class LimitText
{
    /// <summary>The sentence of a kind: {0} is the amount, {1} the window.</summary>
    public static string Pattern(Limit limit) => limit.Kind switch
    {
        LimitKind.Tokens => "{0} tokens in {1}",
        LimitKind.Concurrency => "{0} requests at once",
        _ => "{0} requests in {1}",
    };

    public static string Window(Limit limit) => limit.Window?.ToTimeSpan() switch
    {
        null => "",
        { TotalDays: >= 1 } days when days.TotalDays == Math.Floor(days.TotalDays) => string.Create(CultureInfo.InvariantCulture, $"{days.TotalDays:0} d"),
        { TotalHours: >= 1 } hours when hours.TotalHours == Math.Floor(hours.TotalHours) => string.Create(CultureInfo.InvariantCulture, $"{hours.TotalHours:0} h"),
        var window => string.Create(CultureInfo.InvariantCulture, $"{window.Value.TotalSeconds:0} s"),
    };
}
