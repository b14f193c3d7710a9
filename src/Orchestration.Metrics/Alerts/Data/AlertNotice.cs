using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Alerts.Data;

/// <summary>One row of <c>alert_notices</c>: that a channel is to tell something of an alert, or has told it.</summary>
internal sealed class AlertNotice
{
    public const string Opened = "opened";
    public const string Reminder = "reminder";
    public const string Resolved = "resolved";

    public required Guid Id { get; init; }
    public required Guid AlertId { get; init; }
    public required Guid ChannelId { get; init; }

    /// <summary>"opened", "reminder" or "resolved".</summary>
    public required string Event { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not sent before, so that others can join it.</summary>
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? SentAt { get; set; }

    public StoredAlert? Alert { get; init; }
}

internal sealed class AlertNoticeConfiguration : IEntityTypeConfiguration<AlertNotice>
{
    public void Configure(EntityTypeBuilder<AlertNotice> builder)
    {
        builder.ToTable("alert_notices");
        builder.Property(notice => notice.Id).ValueGeneratedNever();
        builder.HasOne(notice => notice.Alert).WithMany().HasForeignKey(notice => notice.AlertId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<StoredChannel>().WithMany().HasForeignKey(notice => notice.ChannelId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(notice => new { notice.ChannelId, notice.DueAt }).HasFilter("sent_at IS NULL").HasDatabaseName("ix_alert_notices_waiting");
        builder.HasIndex(notice => new { notice.AlertId, notice.ChannelId });
    }
}
