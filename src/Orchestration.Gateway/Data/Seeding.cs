using Microsoft.EntityFrameworkCore;
using Orchestration.Gateway.Authentication;

namespace Orchestration.Gateway.Data;

/// <summary>
/// What a fresh installation starts with: one tenant, one project and the generated keys, of which only public id and hash are
/// written. Runs after the migrations and may run again with other keys.
/// </summary>
internal sealed class Seeding(BootstrapOptions bootstrap, SecretHasher hasher, TimeProvider timeProvider)
{
    public const string TenantId = "development";
    public const string ProjectId = "default";

    /// <summary>Who stands as maker of what a fresh installation starts with.</summary>
    public const string CreatedBy = "bootstrap";

    public async Task RunAsync(DbContext context, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (await context.Set<Tenant>().FindAsync([TenantId], cancellationToken) is null)
            context.Add(new Tenant { TenantId = TenantId, Name = "Development", Currency = "USD", CreatedAt = now });
        if (await context.Set<Project>().FindAsync([TenantId, ProjectId], cancellationToken) is null)
            context.Add(new Project { TenantId = TenantId, ProjectId = ProjectId, Name = "Default", CreatedAt = now });
        await AddClientKeyAsync(context, now, cancellationToken);
        await AddOperatorKeyAsync(context, now, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
    }

    private async Task AddClientKeyAsync(DbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Read(bootstrap.DevelopmentKey, nameof(BootstrapOptions.DevelopmentKey)) is not { } key)
            return;
        if (await context.Set<ClientKey>().FindAsync([TenantId, key.PublicId], cancellationToken) is { } existing)
        {
            existing.SecretHash = hasher.Hash(key);
            return;
        }

        context.Add(new ClientKey
        {
            TenantId = TenantId,
            PublicId = key.PublicId,
            ProjectId = ProjectId,
            Name = "Generated development key",
            SecretHash = hasher.Hash(key),
            PepperVersion = SecretHasher.PepperVersion,
            Status = KeyStatus.Active,
            Scopes = [.. KeyScopes.All],
            Version = 1,
            CreatedAt = now,
            CreatedBy = CreatedBy,
        });
    }

    private async Task AddOperatorKeyAsync(DbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Read(bootstrap.AdminKey, nameof(BootstrapOptions.AdminKey)) is not { } key)
            return;
        if (await context.Set<OperatorKey>().FindAsync([key.PublicId], cancellationToken) is { } existing)
        {
            existing.SecretHash = hasher.Hash(key);
            return;
        }

        context.Add(new OperatorKey
        {
            PublicId = key.PublicId,
            Name = "Generated admin key",
            SecretHash = hasher.Hash(key),
            PepperVersion = SecretHasher.PepperVersion,
            Status = KeyStatus.Active,
            CreatedAt = now,
            CreatedBy = CreatedBy,
        });
    }

    private static ApiKey? Read(string text, string name) => text.Length == 0
        ? null
        : ApiKey.TryParse(text) ?? throw new InvalidOperationException($"{BootstrapOptions.SectionName}:{name} is not a well-formed key.");
}
