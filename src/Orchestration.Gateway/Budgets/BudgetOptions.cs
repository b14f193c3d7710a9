using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Budgets;

/// <summary>How this gateway holds leases of budgets.</summary>
internal sealed class BudgetOptions
{
    public const string SectionName = "Budgets";

    /// <summary>Longest wait of a request for the ledger's word, the recall of other gateways' idle amounts included.</summary>
    [Range(typeof(TimeSpan), "00:00:00.300", "00:00:30")]
    public TimeSpan DemandTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A lease from which nothing was reserved for so long is given back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(1);
}

[OptionsValidator]
internal sealed partial class BudgetOptionsValidator : IValidateOptions<BudgetOptions>;
