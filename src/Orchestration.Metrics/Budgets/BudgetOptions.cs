using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Budgets;

/// <summary>How budgets are leased.</summary>
internal sealed class BudgetOptions
{
    public const string SectionName = "Budgets";

    /// <summary>How long a lease lasts unless its holder renews it; 2 seconds to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a request that is about to be refused waits at most until every gateway has said what it has idle; up to 2 seconds. Gateways
    /// that are alive answer within milliseconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:02")]
    public TimeSpan RecallTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often leases that ran out are looked for; 100 milliseconds to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Largest slice ahead of need per currency, about what one US dollar is worth; other currencies: 1.</summary>
    public Dictionary<string, decimal> Slices { get; } = new(StringComparer.Ordinal)
    {
        ["USD"] = 1, ["EUR"] = 1, ["GBP"] = 1, ["CNY"] = 7, ["HKD"] = 8, ["TWD"] = 30, ["JPY"] = 150, ["KRW"] = 1_400, ["INR"] = 85,
    };

    public decimal SliceOf(string currency) => Slices.GetValueOrDefault(currency, 1);
}

[OptionsValidator]
internal sealed partial class BudgetOptionsValidator : IValidateOptions<BudgetOptions>;
