using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Alerts.Data;

/// <summary>One row of <c>alert_rules</c>: what an operator changed of a kind; null means as shipped.</summary>
internal sealed class StoredRule
{
    public required string Kind { get; init; }
    public bool? Enabled { get; set; }
    public AlertSeverity? Severity { get; set; }
    public double? Threshold { get; set; }
    public int? MinimumCount { get; set; }
    public TimeSpan? Window { get; set; }
    public TimeSpan? GroupWindow { get; set; }
    public TimeSpan? RemindAfter { get; set; }
    public bool? TellResolved { get; set; }

    public RuleSettings Over(RuleSettings shipped) => shipped with
    {
        Enabled = Enabled ?? shipped.Enabled,
        Severity = Severity ?? shipped.Severity,
        Threshold = Threshold ?? shipped.Threshold,
        MinimumCount = MinimumCount ?? shipped.MinimumCount,
        Window = Window ?? shipped.Window,
        GroupWindow = GroupWindow ?? shipped.GroupWindow,
        RemindAfter = RemindAfter ?? shipped.RemindAfter,
        TellResolved = TellResolved ?? shipped.TellResolved,
    };
}

internal sealed class StoredRuleConfiguration : IEntityTypeConfiguration<StoredRule>
{
    public void Configure(EntityTypeBuilder<StoredRule> builder)
    {
        builder.ToTable("alert_rules");
        builder.HasKey(rule => rule.Kind);
        builder.Property(rule => rule.Kind).ValueGeneratedNever();
    }
}
