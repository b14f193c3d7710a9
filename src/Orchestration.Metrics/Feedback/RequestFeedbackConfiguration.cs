using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Feedback;

internal sealed class RequestFeedbackConfiguration : IEntityTypeConfiguration<RequestFeedback>
{
    public void Configure(EntityTypeBuilder<RequestFeedback> builder)
    {
        builder.ToTable("request_feedback").HasKey(feedback => feedback.RequestId);
        builder.Property(feedback => feedback.RequestId).ValueGeneratedNever();
        builder.HasIndex(feedback => feedback.GivenAt);
    }
}
