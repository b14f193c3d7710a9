using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Data;

internal sealed class QuarantinedEventConfiguration : IEntityTypeConfiguration<QuarantinedEvent>
{
    public void Configure(EntityTypeBuilder<QuarantinedEvent> builder)
    {
        builder.ToTable("quarantined_events");
        builder.HasKey(quarantined => quarantined.EventId);
        builder.Property(quarantined => quarantined.EventId).ValueGeneratedNever();
        builder.Property(quarantined => quarantined.State).HasDefaultValue("waiting");
        builder.HasIndex(quarantined => quarantined.ReceivedAt);
        builder.HasIndex(quarantined => new { quarantined.State, quarantined.EventId });
    }
}
