using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Metrics.Alerts.Data;

/// <summary>One row of <c>alert_channels</c>. Address and secret of a webhook or robot are stored encrypted only.</summary>
internal sealed class StoredChannel
{
    public required Guid Id { get; init; }
    public required string Name { get; set; }
    public required AlertChannelKind Kind { get; init; }
    public bool Enabled { get; set; } = true;

    /// <summary>Empty for the whole installation.</summary>
    public required string TenantId { get; init; }

    /// <summary>Empty means all.</summary>
    public required string[] AlertKinds { get; set; }
    public required AlertSeverity MinimumSeverity { get; set; }
    public required string Language { get; set; }
    public required string Host { get; set; }
    public required string[] Recipients { get; set; }
    public required bool HasSecret { get; set; }
    public byte[]? Nonce { get; set; }
    public byte[]? Ciphertext { get; set; }
    public byte[]? WrappedKey { get; set; }
    public int? KeyVersion { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The tries of the last minute, which the far side's limit is counted over.</summary>
    public DateTimeOffset[] RecentSends { get; set; } = [];

    /// <summary>Until then one replica sends; another takes over after it.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }
    public DateTimeOffset? NextTryAt { get; set; }
    public DateTimeOffset? LastSentAt { get; set; }
    public string LastError { get; set; } = "";
    public int Failures { get; set; }

    public SecretBinding Binding => new("orchestration.alert_channel.v1", Id, Kind.ToString());

    public void Take(SealedSecret secret) =>
        (Nonce, Ciphertext, WrappedKey, KeyVersion) = (secret.Nonce, secret.Ciphertext, secret.WrappedKey, secret.KeyVersion);

    public SealedSecret? Sealed => Nonce is null || Ciphertext is null || WrappedKey is null || KeyVersion is not { } version
        ? null
        : new SealedSecret(Nonce, Ciphertext, WrappedKey, version, []);

    public bool Carries(StoredAlert alert) =>
        Enabled
        && (TenantId.Length == 0 || TenantId == alert.TenantId)
        && (AlertKinds.Length == 0 || AlertKinds.Contains(alert.Kind))
        && alert.Severity >= MinimumSeverity;
}

internal sealed class StoredChannelConfiguration : IEntityTypeConfiguration<StoredChannel>
{
    public void Configure(EntityTypeBuilder<StoredChannel> builder)
    {
        builder.ToTable("alert_channels");
        builder.Property(channel => channel.Id).ValueGeneratedNever();
        builder.Property(channel => channel.Enabled).ValueGeneratedNever();
        builder.Ignore(channel => channel.Binding);
        builder.Ignore(channel => channel.Sealed);
        builder.HasIndex(channel => channel.Name).IsUnique();
    }
}
