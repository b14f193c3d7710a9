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
        builder.HasIndex(quarantined => quarantined.ReceivedAt);
    }
}
